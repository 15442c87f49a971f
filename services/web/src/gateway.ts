/**
 * The calls of the gateway's public interface which the two pages make, with one key. Every call rejects with a
 * GatewayFailure that says what a reader can do about it.
 */
import type { LoggedMessage } from './conversation-log.js';
import type { Correction } from './correction-form.js';
import { failureOf, GatewayFailure, type Problem } from './failure.js';
import { serverEvents, type ServerEvent } from './sse.js';

export interface Conversation {
  readonly id: string;
}

/** One conversation that waits for a person, or has one. */
export interface HandoffRecord {
  readonly id: string;
  readonly conversationId: string;
  readonly status: 'waiting' | 'active' | 'closed';
  readonly position?: number;
  readonly reason?: string;
  readonly skill?: string;
  readonly priority?: number;
  readonly customer?: { readonly id: string; readonly name?: string };
  readonly summary?: string;
  readonly createdAt: string;
}

export type Presence = 'online' | 'away' | 'offline';
export type HandoffStep = 'accept' | 'return' | 'close';

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const pageSize = 100;

export class Gateway {
  constructor(private readonly key: string) {}

  startConversation(customerId: string, locale: string, bot?: string): Promise<Conversation> {
    const body = { customer: { id: customerId }, channel: 'web', locale, ...(bot ? { bot } : {}) };
    return this.json('/v1/conversations', { method: 'POST', body });
  }

  /** The log after `seq`, oldest first, all pages of it. */
  async messages(conversation: string, seq = 0): Promise<LoggedMessage[]> {
    const all: LoggedMessage[] = [];
    for (let more = true; more;) {
      const after = all.at(-1)?.seq ?? seq;
      const page = await this.json<{ messages: LoggedMessage[]; nextCursor?: string | null }>(
        `${path(conversation)}/messages?after=${after}&limit=${pageSize}`,
      );
      all.push(...page.messages);
      more = Boolean(page.nextCursor) && page.messages.length > 0;
    }
    return all;
  }

  /** Sends a customer's message; the events of the answer. The same `clientMessageId` again is harmless. */
  say(
    conversation: string,
    text: string,
    clientMessageId: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ServerEvent>> {
    return this.events(`${path(conversation)}/messages`, {
      method: 'POST',
      body: { text, clientMessageId },
      signal,
    });
  }

  /** Everything that happens in a conversation after the event `lastEventId`. */
  watch(conversation: string, lastEventId: string, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>> {
    return this.events(`${path(conversation)}/events`, { headers: { 'Last-Event-ID': lastEventId }, signal });
  }

  askForPerson(conversation: string): Promise<Pick<HandoffRecord, 'status' | 'position'>> {
    return this.json(`${path(conversation)}/handoff`, { method: 'POST', body: {} });
  }

  /** `rating` from 1 to 5. */
  async rate(conversation: string, messageSeq: number, rating: number): Promise<void> {
    await this.request(`${path(conversation)}/feedback`, { method: 'POST', body: { rating, messageSeq } });
  }

  async setPresence(status: Presence): Promise<void> {
    const body = { status, skills: [], languages: ['zh', 'en'], capacity: 5 };
    await this.request('/v1/agents/me/status', { method: 'PUT', body });
  }

  async handoffs(status: 'waiting' | 'active'): Promise<HandoffRecord[]> {
    return (await this.json<{ handoffs: HandoffRecord[] }>(`/v1/handoffs?status=${status}`)).handoffs;
  }

  async step(handoff: string, step: HandoffStep): Promise<void> {
    await this.request(`/v1/handoffs/${encodeURIComponent(handoff)}/${step}`, { method: 'POST', body: {} });
  }

  async reply(conversation: string, text: string, clientMessageId: string): Promise<void> {
    await this.request(`${path(conversation)}/messages`, { method: 'POST', body: { text, clientMessageId } });
  }

  /** The bot that has the conversation. */
  async botOf(conversation: string): Promise<string> {
    return (await this.json<{ bot: string }>(path(conversation))).bot;
  }

  /** Names of what a bot understands. */
  async intents(bot: string): Promise<string[]> {
    const url = `/v1/nlu/intents?examples=false&bot=${encodeURIComponent(bot)}`;
    return (await this.json<{ intents: { name: string }[] }>(url)).intents.map(({ name }) => name);
  }

  /** Says what a customer's message meant; the bot learns it by itself. */
  async correct(bot: string, messageId: string, text: string, correction: Correction): Promise<void> {
    const body = { bot, messageId, text, ...correction };
    await this.request('/v1/nlu/feedback', { method: 'POST', body });
  }

  agentEvents(lastEventId: string, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>> {
    return this.events('/v1/agents/events', {
      headers: lastEventId ? { 'Last-Event-ID': lastEventId } : {},
      signal,
    });
  }

  private async json<T>(url: string, options: RequestOptions = {}): Promise<T> {
    return (await (await this.request(url, options)).json()) as T;
  }

  private async events(url: string, options: RequestOptions): Promise<AsyncIterable<ServerEvent>> {
    const headers = { ...options.headers, Accept: 'text/event-stream' };
    const { body } = await this.request(url, { ...options, headers });
    if (!body) throw new GatewayFailure({ code: 'interrupted' });
    return serverEvents(body);
  }

  private async request(url: string, options: RequestOptions): Promise<Response> {
    const { method = 'GET', body, headers, signal } = options;
    const response = await fetch(url, {
      method,
      cache: 'no-store',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
        Authorization: `Bearer ${this.key}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      throw new GatewayFailure({ code: 'unreachable', detail: String(error) });
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Problem;
    throw new GatewayFailure(failureOf(problem, response.status, response.headers.get('Retry-After')));
  }
}

function path(conversation: string): string {
  return `/v1/conversations/${encodeURIComponent(conversation)}`;
}
