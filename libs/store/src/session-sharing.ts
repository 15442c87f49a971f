/**
 * Lets many PostgreSQL clients take turns on the one session PGlite has.
 *
 * Promises: from the first statement of a transaction to its end the session belongs to one client; a client that
 * leaves in the middle has its transaction rolled back before anybody else gets a turn; turns are given in the order
 * of asking. Hides the framing of the wire protocol
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html). A session setting made outside a
 * transaction would be seen by all clients.
 */
import type { Server, Socket } from 'node:net';

/** Runs whole protocol messages; resolves to the server's answer. */
export type Session = (messages: Uint8Array) => Promise<Uint8Array>;

/** Query, Sync, Flush. */
const ANSWERED = new Set([0x51, 0x53, 0x48]);
const READY_FOR_QUERY = 0x5a;
const IDLE = 0x49;
const ROLLBACK = Buffer.from('Q\0\0\0\x0dROLLBACK\0', 'latin1');

/** Serves every connection of `server` from `session`. `onFailure`: the session broke and must be given up. */
export function shareSession(server: Server, session: Session, onFailure: (error: unknown) => void): void {
  const turns = new Turns();
  server.on('connection', (socket) => {
    new Connection(socket, session, turns).serve().catch(onFailure);
  });
}

class Turns {
  private taken = false;
  private readonly waiting: (() => void)[] = [];

  async take(): Promise<void> {
    if (this.taken) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.taken = true;
  }

  /** To whoever waits longest; between two of them nobody can slip in. */
  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.taken = false;
  }
}

class Connection {
  private readonly socket: Socket;
  private readonly session: Session;
  private readonly turns: Turns;
  private readonly incoming = new MessageBatches();
  private hasTurn = false;

  constructor(socket: Socket, session: Session, turns: Turns) {
    this.socket = socket;
    this.session = session;
    this.turns = turns;
  }

  async serve(): Promise<void> {
    this.socket.setNoDelay(true);
    for await (const chunk of dataOf(this.socket)) {
      for (const batch of this.incoming.add(chunk)) await this.answer(batch);
    }
    if (!this.hasTurn) return;
    await this.session(ROLLBACK);
    this.turns.give();
  }

  private async answer(batch: Buffer): Promise<void> {
    if (!this.hasTurn) await this.turns.take();
    this.hasTurn = true;
    const answer = Buffer.from(await this.session(new Uint8Array(batch)));
    this.socket.write(answer);
    if (answer.at(-6) !== READY_FOR_QUERY || answer.at(-1) !== IDLE) return;
    this.hasTurn = false;
    this.turns.give();
  }
}

/** Ends, and never throws, when the client leaves in whatever manner. */
async function* dataOf(socket: Socket): AsyncGenerator<Buffer> {
  try {
    yield* socket;
  } catch {
    // A connection reset is a way of leaving.
  }
}

/** Cuts the stream after each message that waits for an answer, so that the session works once per round trip. */
class MessageBatches {
  private unread: Buffer = Buffer.alloc(0);
  private greeted = false;

  *add(chunk: Buffer): Generator<Buffer> {
    this.unread = Buffer.concat([this.unread, chunk]);
    for (let length = this.nextLength(); length > 0; length = this.nextLength()) {
      yield this.unread.subarray(0, length);
      this.unread = this.unread.subarray(length);
    }
  }

  /** 0 until the whole batch is here. The first message, the start-up, has no type byte. */
  private nextLength(): number {
    if (!this.greeted) {
      const length = this.unread.length < 4 ? Infinity : this.unread.readInt32BE(0);
      this.greeted = this.unread.length >= length;
      return this.greeted ? length : 0;
    }
    let end = 0;
    while (this.unread.length >= end + 5) {
      const type = this.unread[end]!;
      end += 1 + this.unread.readInt32BE(end + 1);
      if (ANSWERED.has(type)) return this.unread.length < end ? 0 : end;
    }
    return 0;
  }
}
