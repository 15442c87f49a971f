/**
 * One WebSocket of one conversation. Promises that each message is shown once, that a reader who falls behind slows
 * its own stream and nobody else's, and that a wrong frame is answered, never fatal.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, newId } from '@frontdesk/core';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { StreamEvent } from '../event-stream.js';
import type { LiveStream } from '../live-streams.js';
import { problemOf, Refusal, type Told } from '../problem.js';
import { validated } from '../validation.js';
import type { MessageJson } from './conversation.json.js';
import { newMessage } from './conversation.requests.js';
import { OwnTurns } from './own-turns.js';

export interface SocketWork {
  /** Lets one frame in, whatever it says. Throws when the key has ended, or a limit is reached. */
  admit(): Promise<FrameWork>;
  watch(signal: AbortSignal): AsyncIterable<StreamEvent>;
  report(told: Told): void;
}

export interface FrameWork {
  /** Takes the customer's message and yields the events of its turn. */
  turn(message: { text: string; clientMessageId: string }): AsyncIterable<StreamEvent>;
  typing(): Promise<void>;
}

const frame = z.discriminatedUnion('type', [
  newMessage.extend({ type: z.literal('message') }),
  z.strictObject({ type: z.literal('typing') }),
]);

/** A wrong frame counts like any other. */
type Frame = z.output<typeof frame> | { type: 'wrong'; error: unknown };

/** Turns of one socket at a time; a newer one ends the older anyway. */
const mostTurns = 4;
/** A reader may be so many bytes behind before its stream waits. */
const mostBehind = 64 * 1024;

/** For the other side to say goodbye too. */
const farewellMs = 2_000;
const closeCodes = { shutdown: 1001, credential: 1008, over: 1000 } as const;

export class ConversationSocket implements LiveStream {
  readonly kind = 'websocket';
  private readonly own = new OwnTurns();
  private readonly gone = new AbortController();
  private turns = 0;
  private frames = 0;
  private handled: Promise<void> = Promise.resolve();
  private answered = true;

  constructor(
    private readonly socket: WebSocket,
    readonly authorization: string | undefined,
    private readonly work: SocketWork,
  ) {
    // Frames come on the connection's own async context: bound to the request's, which names the tenant.
    socket.on(
      'message',
      AsyncLocalStorage.bind((data: RawData, isBinary: boolean) => this.queue(data, isBinary)),
    );
    socket.on('pong', () => (this.answered = true));
    socket.on('error', () => socket.terminate());
    socket.once('close', () => this.gone.abort());
  }

  get stalled(): boolean {
    return this.socket.bufferedAmount > mostBehind;
  }

  /** Shows what happens in the conversation, until it or the connection ends. */
  async run(): Promise<void> {
    const { signal } = this.gone;
    try {
      for await (const event of this.work.watch(signal)) {
        if (event.type === 'message' && !this.own.shows(event.data as MessageJson)) continue;
        const behind = this.send(event);
        if (behind) await behind;
      }
    } catch (error) {
      if (!signal.aborted) this.tell(error);
    } finally {
      this.socket.close(closeCodes.over);
    }
  }

  beat(): void {
    if (!this.answered) return this.destroy();
    this.answered = false;
    this.socket.ping();
  }

  leave(reason: 'credential' | 'shutdown'): void {
    this.socket.close(closeCodes[reason], reason);
    setTimeout(() => this.socket.terminate(), farewellMs).unref();
  }

  destroy(): void {
    this.socket.terminate();
  }

  /** One frame at a time, and no more is read meanwhile. A turn goes on by itself. */
  private queue(data: RawData, isBinary: boolean): void {
    this.frames += 1;
    this.socket.pause();
    this.handled = this.handled
      .then(() => this.receive(data, isBinary))
      .finally(() => {
        this.frames -= 1;
        if (this.frames === 0) this.socket.resume();
      });
  }

  private async receive(data: RawData, isBinary: boolean): Promise<void> {
    const given = understood(data, isBinary);
    const clientMessageId = given.type === 'message' ? (given.clientMessageId ?? newId()) : undefined;
    try {
      const work = await this.work.admit();
      if (given.type === 'wrong') throw given.error;
      if (given.type === 'typing') await work.typing();
      else void this.takeTurn(work, given.text, clientMessageId!);
    } catch (error) {
      this.tell(error, clientMessageId);
      if (clientMessageId !== undefined) void this.send({ type: 'done', data: {} }, clientMessageId);
    }
  }

  private async takeTurn(work: FrameWork, text: string, clientMessageId: string): Promise<void> {
    if (this.turns >= mostTurns) {
      const error = new AppError('resource_exhausted', 'Wait for the answers to what you said before.');
      return this.tell(error, clientMessageId);
    }
    this.turns += 1;
    this.own.begin(clientMessageId);
    let replied = false;
    try {
      for await (const event of work.turn({ text, clientMessageId })) {
        if (event.type === 'message') {
          replied = true;
          this.own.told(clientMessageId);
        }
        const behind = this.send(event, clientMessageId);
        if (behind) await behind;
      }
    } catch (error) {
      if (!this.gone.signal.aborted) this.tell(error, clientMessageId);
    } finally {
      this.turns -= 1;
    }
    const held = replied ? undefined : this.own.failed(clientMessageId);
    if (held) void this.send({ type: 'message', id: String(held.seq), data: held });
    void this.send({ type: 'done', data: {} }, clientMessageId);
  }

  private tell(error: unknown, clientMessageId?: string): void {
    const told = problemOf(error, '/v1/ws');
    this.work.report(told);
    void this.send({ type: 'error', data: told.problem }, clientMessageId);
  }

  /** To be awaited where it gives a promise: the reader is behind. */
  private send(event: StreamEvent, clientMessageId?: string): Promise<void> | undefined {
    if (this.socket.readyState !== this.socket.OPEN) return undefined;
    const text = JSON.stringify({ ...event, ...(clientMessageId !== undefined && { clientMessageId }) });
    if (this.socket.bufferedAmount <= mostBehind) {
      this.socket.send(text);
      return undefined;
    }
    return new Promise((resolve) => this.socket.send(text, () => resolve()));
  }
}

function understood(data: RawData, isBinary: boolean): Frame {
  try {
    return validated(frame, parsed(data, isBinary), 'field');
  } catch (error) {
    return { type: 'wrong', error };
  }
}

function parsed(data: RawData, isBinary: boolean): unknown {
  try {
    if (isBinary) throw new SyntaxError();
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    throw new Refusal(400, 'malformed', 'Send JSON as text.');
  }
}
