import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { newId } from '@frontdesk/core';
import { conversationTopic, handoffTopic, tenantTopic } from '@frontdesk/contracts';
import { HandoffState } from '@frontdesk/contracts/common/v1/conversation';
import {
  ConversationEventSchema,
  type ConversationEvent,
} from '@frontdesk/contracts/events/v1/conversation_events';
import { HandoffEventSchema } from '@frontdesk/contracts/events/v1/handoff_events';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import {
  AgentStatus,
  HandoffService,
  type WatchAgentResponse,
} from '@frontdesk/contracts/handoff/v1/handoff_service';
import type { EventBus } from '@frontdesk/events';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';
import { handoff } from '../src/index.js';

/** What dialogue would say, as it comes over the bus. */
class Dialogue {
  constructor(
    private readonly bus: EventBus,
    readonly tenantId: string,
  ) {}

  requests(
    conversationId: string,
    wish: { skill?: string; language?: string; priority?: number } = {},
  ): Promise<string> {
    const handoffId = newId();
    const value = {
      handoffId,
      reason: 'no_answer',
      customer: { id: 'c1' },
      summary: 'customer: hello',
      ...wish,
    };
    return this.tell(conversationId, { case: 'handoffRequested', value } as ConversationEvent['fact']).then(
      () => handoffId,
    );
  }

  async tell(conversationId: string, fact: ConversationEvent['fact'], id = newId()): Promise<void> {
    const payload = toBinary(
      ConversationEventSchema,
      create(ConversationEventSchema, { conversationId, fact }),
    );
    await this.publish(conversationTopic.name, conversationId, payload, id);
  }

  async erased(): Promise<void> {
    const event = create(TenantEventSchema, { tenantId: this.tenantId, fact: { case: 'erased', value: {} } });
    await this.publish(tenantTopic.name, this.tenantId, toBinary(TenantEventSchema, event), newId());
  }

  private publish(topic: string, key: string, payload: Uint8Array, id: string): Promise<void> {
    return this.bus.publish([
      { id, topic, key, payload, tenantId: this.tenantId, occurredAt: Date.now(), headers: {} },
    ]);
  }
}

interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const embedded = (): Promise<TestDatabase> =>
  Promise.resolve({ url: 'pglite:memory', drop: () => Promise.resolve() });

describe('handoff on the embedded database', () => queueBehaviour(embedded));
describeWith('postgres', 'handoff on PostgreSQL', () => queueBehaviour(freshDatabase));

function queueBehaviour(openDatabase: () => Promise<TestDatabase>): void {
  let mesh: TestMesh;
  let bus: EventBus;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openDatabase();
    mesh = await startMesh([handoff], { environment: { DATABASE_URL: database.url } });
    bus = mesh.process.bus;
  }, 60_000);
  afterAll(async () => {
    await mesh.stop();
    await database.drop();
  });

  /** A tenant of its own for each test, so that queues do not meet. */
  const scene = () => {
    const dialogue = new Dialogue(bus, newId());
    const { tenantId } = dialogue;
    const client = mesh.client(HandoffService);
    const as = <T>(agent: string, work: () => Promise<T>): Promise<T> =>
      mesh.as({ tenantId, principal: { kind: 'agent', id: agent } }, work);
    const waiting = (agent: string) =>
      as(agent, async () => (await client.listHandoffs({ state: HandoffState.WAITING })).handoffs);
    return { dialogue, tenantId, client, as, waiting };
  };

  it('queues by priority, then by time, and tells the place', async () => {
    const { dialogue, waiting, as, client } = scene();
    const calm = await dialogue.requests('calm');
    const angry = await dialogue.requests('angry', { priority: 10 });
    const later = await dialogue.requests('later');
    const queue = await waiting('ada');
    expect(queue.map(({ id, position }) => [id, position])).toEqual([
      [angry, 1],
      [calm, 2],
      [later, 3],
    ]);
    const preview = await as('ada', () => client.previewQueue({ priority: 0 }));
    expect(preview.position).toBe(4);
  });

  it('takes a request that comes twice for one', async () => {
    const { dialogue, waiting } = scene();
    const value = { handoffId: newId(), reason: 'no_answer', customer: { id: 'c1' } };
    for (let time = 0; time < 3; time += 1)
      await dialogue.tell('c', { case: 'handoffRequested', value } as ConversationEvent['fact']);
    expect(await waiting('ada')).toHaveLength(1);
  });

  it('shows an agent only what the agent knows and speaks', async () => {
    const { dialogue, waiting, as, client } = scene();
    const refund = await dialogue.requests('refund', { skill: 'refunds', language: 'zh' });
    await dialogue.requests('invoice', { skill: 'invoices', language: 'zh' });
    await dialogue.requests('english', { skill: 'refunds', language: 'en' });
    await as('ada', () =>
      client.setAgentStatus({ status: AgentStatus.ONLINE, skills: ['refunds'], languages: ['zh'] }),
    );
    expect((await waiting('ada')).map(({ id }) => id)).toEqual([refund]);
  });

  it('gives a handoff to one of many who want it at the same moment', async () => {
    const { dialogue, as, client } = scene();
    const id = await dialogue.requests('c');
    const agents = Array.from({ length: 12 }, (_, index) => `agent-${index}`);
    const results = await Promise.allSettled(agents.map((agent) => as(agent, () => client.accept({ id }))));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'failed_precondition' });
    const winner = won[0]!.value.handoff!.agentId;
    expect((await as('anyone', () => client.getActive({ conversationId: 'c' }))).handoff?.agentId).toBe(
      winner,
    );
    // Accepting again what one has already changes nothing.
    expect((await as(winner, () => client.accept({ id }))).handoff?.revision).toBe(
      won[0]!.value.handoff?.revision,
    );
  });

  it('lets many agents accept side by side, and tells those behind their new place', async () => {
    const { dialogue, as, client, waiting, tenantId } = scene();
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) ids.push(await dialogue.requests(`c${index}`));
    const told: [string, number][] = [];
    const listening = await bus.consume({
      group: newId(),
      topics: [handoffTopic.name],
      handle: async (record) => {
        const { handoffId, fact } = fromBinary(HandoffEventSchema, record.payload);
        if (record.tenantId === tenantId && fact.case === 'queued')
          told.push([handoffId, fact.value.position]);
      },
    });
    await Promise.all(ids.slice(0, 10).map((id, index) => as(`agent-${index}`, () => client.accept({ id }))));
    const last = ids.at(-1)!;
    await eventually('the last one stands second', () =>
      told.some(([id, place]) => id === last && place === 2),
    );
    expect((await waiting('ada')).map(({ id, position }) => [id, position])).toEqual([
      [ids[10], 1],
      [last, 2],
    ]);
    await listening.stop();
  });

  it('never gives an agent more than the capacity, whatever comes at once', async () => {
    const { dialogue, as, client } = scene();
    await as('ada', () => client.setAgentStatus({ status: AgentStatus.ONLINE, capacity: 2 }));
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => dialogue.requests(`c${index}`)));
    const results = await Promise.allSettled(ids.map((id) => as('ada', () => client.accept({ id }))));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2);
  });

  it('lets only its agent end, return or pass on a handoff', async () => {
    const { dialogue, as, client } = scene();
    const id = await dialogue.requests('c');
    await as('ada', () => client.accept({ id }));
    for (const call of [client.close, client.return, client.transfer]) {
      await expect(as('bob', () => call({ id }) as Promise<unknown>)).rejects.toMatchObject({
        code: 'failed_precondition',
      });
    }
    expect((await as('ada', () => client.return({ id }))).handoff?.state).toBe(HandoffState.RETURNED);
  });

  it('puts a transferred handoff where its waiting time belongs', async () => {
    const { dialogue, as, client, waiting } = scene();
    const first = await dialogue.requests('first');
    const second = await dialogue.requests('second');
    await as('ada', () => client.accept({ id: first }));
    await as('ada', () => client.transfer({ id: first, note: 'needs a refund' }));
    const queue = await waiting('bob');
    expect(queue.map(({ id }) => id)).toEqual([first, second]);
    expect(queue[0]?.summary).toContain('needs a refund');
  });

  it('forgets who closed the conversation while waiting', async () => {
    const { dialogue, waiting } = scene();
    await dialogue.requests('gone');
    await dialogue.tell('gone', { case: 'closed', value: {} } as ConversationEvent['fact']);
    expect(await waiting('ada')).toEqual([]);
  });

  it('shows a desk what stands, what changes and what customers write, of its own tenant only', async () => {
    const { dialogue, as, client } = scene();
    const other = scene();
    const standing = await dialogue.requests('c');
    const seen: WatchAgentResponse['event'][] = [];
    const leave = new AbortController();
    const watching = as('ada', async () => {
      for await (const { event } of client.watchAgent({}, { signal: leave.signal })) seen.push(event);
    }).catch(() => undefined);
    await eventually('the standing handoff', () => seen.length > 0);

    await as('ada', () => client.accept({ id: standing }));
    await other.dialogue.requests('c');
    await dialogue.tell('c', {
      case: 'customerMessagePosted',
      value: { message: { seq: 5n, text: 'are you there?' } },
    } as ConversationEvent['fact']);
    await eventually('the customer’s line', () => seen.some((event) => event.case === 'customerWrote'));
    leave.abort();
    await watching;

    expect(
      new Set(seen.map((event) => (event.case === 'handoff' ? event.value.id : event.value?.handoffId))),
    ).toEqual(new Set([standing]));
    expect(seen.at(-1)).toMatchObject({
      case: 'customerWrote',
      value: { message: { text: 'are you there?' } },
    });
  });

  it('gives the same answer for a foreign id and an unknown one', async () => {
    const { dialogue } = scene();
    const { as, client, waiting } = scene();
    const foreign = await dialogue.requests('c');
    const failures = await Promise.all(
      [foreign, newId()].map((id) =>
        as('eve', () => client.accept({ id })).catch(
          (error: unknown) => error as { code: string; message: string },
        ),
      ),
    );
    expect(failures[0]).toMatchObject({ code: 'not_found' });
    expect(failures.map((failure) => (failure as { message: string }).message)).toHaveProperty(
      '0',
      (failures[1] as { message: string }).message,
    );
    expect(await waiting('eve')).toEqual([]);
  });

  it('keeps nothing of an erased tenant', async () => {
    const { dialogue, waiting } = scene();
    await dialogue.requests('c');
    await dialogue.erased();
    expect(await waiting('ada')).toEqual([]);
  });

  it('answers nobody but an agent', async () => {
    const { client, tenantId } = scene();
    const call = mesh.as({ tenantId, principal: { kind: 'channel', id: 'k' } }, () =>
      client.accept({ id: 'x' }),
    );
    await expect(call).rejects.toMatchObject({ code: 'permission_denied' });
  });
}
