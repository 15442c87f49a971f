/** Answers that are streams: a turn, which ends by itself, and a watch, which ends when somebody leaves. */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { credentialOf } from './credential-header.js';
import { EventStream, type StreamEvent } from './event-stream.js';
import { Faults } from './faults.js';
import { LiveStreams } from './live-streams.js';
import { problemOf } from './problem.js';

@Injectable()
export class Streams {
  constructor(
    private readonly live: LiveStreams,
    private readonly faults: Faults,
  ) {}

  /**
   * Sends a turn, then `done`. What goes wrong before its first event is thrown, as an ordinary answer; later it is
   * an `error` event.
   */
  async turn(
    request: FastifyRequest,
    reply: FastifyReply,
    events: AsyncGenerator<StreamEvent>,
  ): Promise<void> {
    let next = await events.next();
    const stream = EventStream.open(reply);
    try {
      while (!next.done) {
        const behind = stream.send(next.value);
        if (behind) await behind;
        next = await events.next();
      }
    } catch (error) {
      this.tell(stream, error, request.url);
    }
    void stream.send({ type: 'done', data: {} });
    stream.end();
  }

  /** Sends what `follow` yields until it ends, the reader leaves, or this process does. */
  async watch(
    request: FastifyRequest,
    reply: FastifyReply,
    follow: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
  ): Promise<void> {
    this.live.assertOpen();
    const stream = EventStream.open(reply);
    stream.comment('open');
    const over = this.live.add({
      kind: 'watch',
      authorization: credentialOf(request.headers),
      get stalled() {
        return stream.stalled;
      },
      beat: () => stream.comment('still here'),
      leave: (reason) => {
        if (reason === 'shutdown') stream.comment('restarting: connect again');
        else this.tell(stream, new AppError('unauthenticated', 'The key or token has ended.'), request.url);
        stream.end();
      },
      destroy: () => stream.destroy(),
    });
    try {
      for await (const event of follow(stream.signal)) {
        const behind = stream.send(event);
        if (behind) await behind;
      }
    } catch (error) {
      this.tell(stream, error, request.url);
    } finally {
      over();
      stream.end();
    }
  }

  private tell(stream: EventStream, error: unknown, url: string): void {
    if (stream.signal.aborted) return;
    const told = problemOf(error, url);
    this.faults.report(told);
    void stream.send({ type: 'error', data: told.problem });
  }
}
