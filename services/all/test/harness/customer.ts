/** A customer of the shop, at the other end of the public interface. */
import { randomUUID } from 'node:crypto';
import { Api, collect, type SseEvent } from './api.js';
import type { MeshUnderTest } from './mesh-under-test.js';
import { Watch } from './watch.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers are read as a stranger would: as JSON */

export class Customer {
  private constructor(
    readonly api: Api,
    readonly id: string,
    readonly conversation: string,
  ) {}

  /** Somebody new with a new conversation. */
  static async of({ baseUrl, keys }: Pick<MeshUnderTest, 'baseUrl' | 'keys'>): Promise<Customer> {
    const api = new Api(baseUrl, keys.channel);
    const id = `customer-${randomUUID()}`;
    const opened = await api.post('/v1/conversations', { bot: 'shop', customer: { id } });
    return new Customer(api, id, opened.id);
  }

  get path(): string {
    return `/v1/conversations/${this.conversation}`;
  }

  /** The reply as one JSON document. */
  say(text: string, clientMessageId: string = randomUUID(), signal?: AbortSignal): Promise<any> {
    return this.api.post(`${this.path}/messages`, { text, clientMessageId }, { ...(signal && { signal }) });
  }

  /** The events of one turn, as they come. */
  listen(
    text: string,
    clientMessageId: string = randomUUID(),
    signal?: AbortSignal,
  ): AsyncGenerator<SseEvent> {
    const message = { text, clientMessageId };
    return this.api.events('POST', `${this.path}/messages`, message, { ...(signal && { signal }) });
  }

  /** The events of one turn, to its end. */
  hear(text: string): Promise<SseEvent[]> {
    return collect(this.listen(text));
  }

  async log(): Promise<any[]> {
    const { messages } = await this.api.get(`${this.path}/messages?limit=200`);
    return messages;
  }

  /** `role: text` of each message, in order. */
  async transcript(): Promise<string[]> {
    return (await this.log()).map(({ role, text }) => `${role}: ${text}`);
  }

  callPerson(): Promise<any> {
    return this.api.post(`${this.path}/handoff`);
  }

  watch(lastEventId?: string): Watch {
    return new Watch(this.api, `${this.path}/events`, lastEventId);
  }
}
