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

  /** Somebody new with a new conversation; by the demo's channel key unless another is given. */
  static async of(mesh: Pick<MeshUnderTest, 'baseUrl' | 'keys'>, key = mesh.keys.channel): Promise<Customer> {
    const api = new Api(mesh.baseUrl, key);
    const id = `customer-${randomUUID()}`;
    const opened = await api.post('/v1/conversations', { bot: 'shop', customer: { id } });
    return new Customer(api, id, opened.id);
  }

  get path(): string {
    return `/v1/conversations/${this.conversation}`;
  }

  /** The reply as one JSON document. */
  say(text: string, clientMessageId: string = randomUUID()): Promise<any> {
    return this.api.post(`${this.path}/messages`, { text, clientMessageId });
  }

  /** The events of one turn, to its end. */
  async hear(text: string, clientMessageId: string = randomUUID()): Promise<SseEvent[]> {
    return collect(this.api.events('POST', `${this.path}/messages`, { text, clientMessageId }));
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
