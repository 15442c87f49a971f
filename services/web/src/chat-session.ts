/**
 * One customer's conversation with the desk: sends, follows the answers, survives reloads and broken connections.
 * The page reads `state` after each `onChange`; everything it shows comes from there.
 */
import {
  arrived,
  emptyLog,
  ended,
  failed,
  handedOff,
  isOpen,
  lastSeq,
  said,
  token,
  understood,
  type ConversationLog,
  type Entry,
  type Handoff,
  type LoggedMessage,
} from './conversation-log.js';
import { randomId } from './dom.js';
import {
  failureOf,
  failureOfError,
  GatewayFailure,
  mayRetry,
  type Failure,
  type Problem,
} from './failure.js';
import type { Gateway } from './gateway.js';
import type { ServerEvent } from './sse.js';
import type { Understanding } from './understanding.js';
import { watch } from './watch.js';

export interface ChatState {
  readonly log: ConversationLog;
  /** Whether the log of the last visit, if any, has been read. */
  readonly resumed: boolean;
  readonly connected: boolean;
  readonly agentTyping: boolean;
  /** What failed outside a turn, such as asking for a person. */
  readonly failure?: Failure;
}

export interface ChatSessionOptions {
  readonly gateway: Gateway;
  readonly bot?: string;
  readonly locale: () => string;
  /** Holds the customer's and the conversation's id over reloads. */
  readonly storage: Storage;
  readonly onChange: () => void;
  readonly onKeyRefused: () => void;
}

/** The reply in a turn's `message` event; only the fields read here. */
interface Reply {
  readonly message: LoggedMessage;
  readonly degraded?: boolean;
  readonly handoff?: { readonly position?: number; readonly status?: string } | null;
}

const typingLastsMs = 6_000;
const customerKey = 'frontdesk.customer';
const conversationKey = 'frontdesk.conversation';

export class ChatSession {
  state: ChatState = { log: emptyLog, resumed: false, connected: true, agentTyping: false };
  /** Ends with the conversation; what its calls still deliver is ignored. */
  private life = new AbortController();
  private conversation?: Promise<string>;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ChatSessionOptions) {}

  /** Continues the conversation of the last visit, if there is one. The watch brings what could not be read now. */
  async resume(): Promise<void> {
    const id = this.options.storage.getItem(conversationKey);
    if (id === null) return this.change({ resumed: true });
    this.conversation = Promise.resolve(id);
    const { signal } = this.life;
    try {
      const messages = await this.options.gateway.messages(id);
      if (signal.aborted) return;
      this.update((log) => messages.reduce((sofar, message) => arrived(sofar, message), log));
    } catch (error) {
      const failure = failureOfError(error);
      if (failure.code === 'gone') return this.startOver();
      if (!mayRetry(failure)) return this.report(failure);
    } finally {
      this.change({ resumed: true });
    }
    void this.follow(id, signal);
  }

  send(text: string): Promise<void> {
    return this.takeTurn(randomId(), text);
  }

  /** Sends a failed message again under its own id, so that the desk answers it once. */
  retry(entry: Entry): Promise<void> {
    return this.takeTurn(entry.key, entry.text);
  }

  async askForPerson(): Promise<void> {
    await this.attempt(async (signal) => {
      const handoff = await this.options.gateway.askForPerson(await this.open());
      if (!signal.aborted && !isOpen(this.state.log.handoff)) this.showHandoff(handoff);
    });
  }

  async rate(seq: number, rating: 1 | 5): Promise<boolean> {
    return this.attempt(async () => this.options.gateway.rate(await this.open(), seq, rating));
  }

  /** Leaves this conversation behind; the next message opens a new one. */
  startOver(): void {
    this.life.abort();
    this.life = new AbortController();
    delete this.conversation;
    this.options.storage.removeItem(conversationKey);
    this.state = { log: emptyLog, resumed: true, connected: true, agentTyping: false };
    this.options.onChange();
  }

  private async takeTurn(turn: string, text: string): Promise<void> {
    const { signal } = this.life;
    const continues = this.conversation !== undefined;
    this.clearFailure();
    this.update((log) => said(log, turn, text, now()));
    try {
      const events = await this.options.gateway.say(await this.open(), text, turn, signal);
      await this.readAnswer(turn, events, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOfError(error);
      if (failure.code === 'gone' && continues) {
        this.startOver();
        return this.takeTurn(turn, text);
      }
      this.update((log) => failed(log, turn, failure));
      if (failure.code === 'unauthorized') this.options.onKeyRefused();
    }
  }

  private async readAnswer(
    turn: string,
    events: AsyncIterable<ServerEvent>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for await (const { type, data } of events) {
        if (signal.aborted) return;
        if (type === 'done') return this.update((log) => ended(log, turn));
        if (type === 'understanding') this.update((log) => understood(log, turn, parse<Understanding>(data)));
        if (type === 'token')
          this.update((log) => token(log, turn, parse<{ text: string }>(data).text, now()));
        if (type === 'message') this.showReply(parse<Reply>(data), turn);
        if (type === 'handoff') this.showHandoff(parse(data));
        if (type === 'error') throw new GatewayFailure(turnFailure(parse<Problem>(data)));
      }
    } catch (error) {
      if (error instanceof GatewayFailure) throw error;
    }
    throw new GatewayFailure({ code: 'interrupted' });
  }

  private async follow(conversation: string, signal: AbortSignal): Promise<void> {
    const failure = await watch({
      open: (lastEventId) => this.options.gateway.watch(conversation, lastEventId, signal),
      from: String(lastSeq(this.state.log)),
      onEvent: (event) => !signal.aborted && this.showWatched(event),
      onConnected: (connected) => !signal.aborted && this.change({ connected }),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      signal,
    });
    if (failure) this.report(failure);
  }

  private showWatched({ type, data }: ServerEvent): void {
    if (type === 'message') {
      const message = parse<LoggedMessage>(data);
      if (message.role === 'agent') this.setTyping(false);
      this.update((log) => arrived(log, message));
    }
    if (type === 'handoff') this.showHandoff(parse(data));
    if (type === 'typing') this.setTyping(parse<{ role?: string }>(data).role !== 'customer');
  }

  private showReply(reply: Reply, turn: string): void {
    const message = reply.degraded ? { ...reply.message, degraded: true } : reply.message;
    this.update((log) => arrived(log, message, turn));
    if (reply.handoff) this.showHandoff(reply.handoff);
  }

  private showHandoff({ status = 'waiting', position }: Partial<Handoff>): void {
    this.update((log) => handedOff(log, { status, ...(position ? { position } : {}) }));
  }

  private setTyping(agentTyping: boolean): void {
    clearTimeout(this.typingTimer);
    this.change({ agentTyping });
    if (agentTyping) this.typingTimer = setTimeout(() => this.change({ agentTyping: false }), typingLastsMs);
  }

  /** The conversation's id; opens one, once, where there is none yet. */
  private open(): Promise<string> {
    this.conversation ??= this.start(this.life.signal).catch((error: unknown) => {
      delete this.conversation;
      throw error;
    });
    return this.conversation;
  }

  private async start(signal: AbortSignal): Promise<string> {
    const { gateway, storage, locale, bot } = this.options;
    const customer = storage.getItem(customerKey) ?? randomId();
    storage.setItem(customerKey, customer);
    const { id } = await gateway.startConversation(customer, locale(), bot);
    if (!signal.aborted) {
      storage.setItem(conversationKey, id);
      void this.follow(id, signal);
    }
    return id;
  }

  private async attempt(action: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    this.clearFailure();
    const { signal } = this.life;
    try {
      await action(signal);
      return true;
    } catch (error) {
      if (!signal.aborted) this.report(failureOfError(error));
      return false;
    }
  }

  private report(failure: Failure): void {
    this.change({ failure });
    if (failure.code === 'unauthorized') this.options.onKeyRefused();
  }

  private clearFailure(): void {
    const { failure: _gone, ...state } = this.state;
    this.state = state;
  }

  private update(step: (log: ConversationLog) => ConversationLog): void {
    this.change({ log: step(this.state.log) });
  }

  private change(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    this.options.onChange();
  }
}

/** A turn that was cancelled made room for a newer message, which is no failure worth telling. */
function turnFailure(problem: Problem): Failure {
  const cancelled = /^(cancelled|aborted)$/i.test(problem.code ?? '');
  return cancelled ? { code: 'interrupted' } : failureOf(problem, problem.status ?? 503);
}

function parse<T>(data: string): T {
  return JSON.parse(data) as T;
}

function now(): string {
  return new Date().toISOString();
}
