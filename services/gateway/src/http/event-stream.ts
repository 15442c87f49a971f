/**
 * Server-sent events on one answer (WHATWG HTML, section 9.2). Promises that nothing is produced faster than the
 * reader takes it, that `signal` aborts when the reader leaves, and that an end is either told or seen.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

export interface StreamEvent {
  readonly type: string;
  /** Where the stream can be taken up again, or nothing for what is not repeated. */
  readonly id?: string;
  readonly data: unknown;
}

export class EventStream {
  private readonly gone = new AbortController();

  private constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.gone.abort());
  }

  /** Sends the head; from here on errors are events. */
  static open(reply: FastifyReply): EventStream {
    const headers = reply.getHeaders();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(headers as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    reply.raw.flushHeaders();
    return new EventStream(reply.raw);
  }

  /** Aborted when the reader leaves or the stream ends. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** The reader does not keep up. */
  get stalled(): boolean {
    return this.response.writableNeedDrain;
  }

  /** To be awaited where it gives a promise: the reader is behind. */
  send({ type, id, data }: StreamEvent): Promise<void> | undefined {
    const place = id === undefined ? '' : `id: ${id}\n`;
    return this.write(`event: ${type}\n${place}data: ${JSON.stringify(data)}\n\n`);
  }

  /** Data without a name, as OpenAI's stream has it. */
  sendData(data: string): Promise<void> | undefined {
    return this.write(`data: ${data}\n\n`);
  }

  /** A line that readers ignore, but that keeps proxies from giving up. */
  comment(text: string): void {
    if (!this.stalled) void this.write(`: ${text}\n\n`);
  }

  end(): void {
    this.response.end();
  }

  /** Breaks off, so that the reader sees no regular end. */
  destroy(): void {
    this.response.destroy();
  }

  private write(frame: string): Promise<void> | undefined {
    if (this.response.destroyed || this.response.write(frame)) return undefined;
    return caughtUp(this.response);
  }
}

function caughtUp(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
