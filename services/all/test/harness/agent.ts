/** A person at the shop's desk. */
import { randomUUID } from 'node:crypto';
import { eventually } from '@frontdesk/testing';
import { Api } from './api.js';
import type { MeshUnderTest } from './mesh-under-test.js';
import { Watch } from './watch.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers are read as a stranger would: as JSON */

export class Agent {
  private constructor(readonly api: Api) {}

  /** Online, for everything and every language. */
  static async of(mesh: MeshUnderTest): Promise<Agent> {
    const agent = new Agent(new Api(mesh.baseUrl, mesh.keys.agent));
    const status = { status: 'online', skills: [], languages: ['zh', 'en'], capacity: 50 };
    await agent.api.put('/v1/agents/me/status', status);
    return agent;
  }

  async waiting(): Promise<any[]> {
    const { handoffs } = await this.api.get('/v1/handoffs?status=waiting&limit=200');
    return handoffs;
  }

  /** Takes the conversation as soon as it has come through to the desk. */
  async accept(conversation: string): Promise<{ id: string }> {
    const handoff = await eventually(`a handoff of ${conversation}`, async () =>
      (await this.waiting()).find((waiting) => waiting.conversationId === conversation),
    );
    await this.api.post(`/v1/handoffs/${handoff.id}/accept`);
    return handoff;
  }

  reply(conversation: string, text: string): Promise<any> {
    const clientMessageId = randomUUID();
    return this.api.post(`/v1/conversations/${conversation}/messages`, { text, clientMessageId });
  }

  giveBack(handoff: { id: string }): Promise<unknown> {
    return this.api.post(`/v1/handoffs/${handoff.id}/return`);
  }

  watch(): Watch {
    return new Watch(this.api, '/v1/agents/events');
  }
}
