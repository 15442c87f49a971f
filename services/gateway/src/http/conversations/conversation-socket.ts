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
import { newMessage, type NewMessage } from './conversation.requests.js';
import { OwnTurns } from './own-turns.js';

export interface SocketWork {
  /** Takes the customer's message and yields the events of its turn. */
  turn(message: { text: string; clientMessageId: string }): AsyncIterable<StreamEvent>;
  typing(): Promise<void>;
  watch(signal: AbortSignal): AsyncIterable<StreamEvent>;
  report(told: Told): void;
}

const frame = z.discriminatedUnion('type', [
  newMessage.extend({ type: z.literal('message') }),
  z.strictObject({ type: z.literal('typing') }),
]);

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
  private answered = true;

  constructor(
    private readonly socket: WebSocket,
    readonly authorization: string | undefined,
    private readonly work: SocketWork,
  ) {
    // Frames come on the connection's own async context: bound to the request's, which names the tenant.
    socket.on(
      'message',
      AsyncLocalStorage.bind((data: RawData, isBinary: boolean) => void this.receive(data, isBinary)),
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

  private async receive(data: RawData, isBinary: boolean): Promise<void> {
    let given: z.output<typeof frame> | undefined;
    try {
      given = understood(data, isBinary);
      if (given.type === 'typing') return await this.work.typing();
    } catch (error) {
      return this.tell(error);
    }
    await this.takeTurn(given);
  }

  private async takeTurn({ text, clientMessageId = newId() }: NewMessage): Promise<void> {
    if (this.turns >= mostTurns) {
      const error = new AppError('resource_exhausted', 'Wait for the answers to what you said before.');
      return this.tell(error, clientMessageId);
    }
    this.turns += 1;
    this.own.begin(clientMessageId);
    let replied = false;
    try {
      for await (const event of this.work.turn({ text, clientMessageId })) {
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

function understood(data: RawData, isBinary: boolean): z.output<typeof frame> {
  let given: unknown;
  try {
    if (isBinary) throw new SyntaxError();
    given = JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    throw new Refusal(400, 'malformed', 'Send JSON as text.');
  }
  return validated(frame, given, 'field');
}
