/**
 * A dialogue service on a stage: the real service on a real database, with the four leaves played by `Leaves`, whose
 * lines a test may change. `Chat` is one conversation, seen by its customer and its agents.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AppError, detectLanguage, newId, type Principal } from '@frontdesk/core';
import { conversationTopic, handoffTopic, tenantTopic } from '@frontdesk/contracts';
import type { Message, Reply } from '@frontdesk/contracts/common/v1/conversation';
import {
  DialogueService,
  type ConverseResponse,
  type WatchResponse,
} from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import {
  ConversationEventSchema,
  type ConversationEvent,
} from '@frontdesk/contracts/events/v1/conversation_events';
import { HandoffEventSchema, type HandoffEvent } from '@frontdesk/contracts/events/v1/handoff_events';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { LlmService, type GenerateRequest } from '@frontdesk/contracts/llm/v1/llm_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import type { CallContext, RpcClient } from '@frontdesk/rpc';
import { eventually, fake, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';
import { dialogue } from '../src/index.js';

/** What is made of an utterance; what is left out is unremarkable. */
export interface Heard {
  readonly intent?: string;
  readonly confidence?: number;
  readonly path?: readonly string[];
  readonly alternatives?: readonly { name: string; confidence: number }[];
  readonly angry?: boolean;
  /** −1 to 1. */
  readonly sentiment?: number;
}

function emotionOf({ angry, sentiment = 0 }: Heard): string {
  if (angry) return 'angry';
  return sentiment < -0.2 ? 'anxious' : 'neutral';
}

export interface Found {
  readonly articleId: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
}

type Model = (request: GenerateRequest, call: CallContext) => AsyncGenerator<string>;

const vocabulary: Readonly<Record<string, Heard>> = {
  hello: { intent: 'greeting' },
  你好: { intent: 'greeting' },
  yes: { intent: 'affirm' },
  no: { intent: 'deny' },
  'where is my order': { intent: 'order_status' },
  我的订单到哪了: { intent: 'order_status' },
  'I want a person': { intent: 'human_agent' },
  'can it be a gift': { intent: 'gift_wrapping' },
  'card or cash': {
    intent: 'pay_card',
    confidence: 0.4,
    alternatives: [{ name: 'pay_cash', confidence: 0.35 }],
  },
};

const library: Readonly<Record<string, readonly Found[]>> = {
  'how long is delivery': [{ articleId: 'a1', title: 'Delivery', text: 'Two days.', score: 0.9 }],
  'can it be a gift': [
    { articleId: 'a2', title: 'Gifts', text: 'We wrap gifts for free.', score: 0.45 },
    { articleId: 'a3', title: 'Cards', text: 'Cards cost 5 yuan.', score: 0.38 },
    { articleId: 'a4', title: 'Shoes', text: 'Shoes come in 40 sizes.', score: 0.05 },
  ],
};

export const noModel: Model = async function* () {
  throw new AppError('failed_precondition', 'No model is installed.');
};

export const hang = (): Promise<never> => new Promise(() => undefined);

/** The services that dialogue calls. */
export class Leaves {
  hear: (text: string) => Heard | Promise<Heard> = () => ({});
  find: (query: string) => readonly Found[] | Promise<readonly Found[]> = () => [];
  model: Model = noModel;
  /** Why the model ended: `stop` or `length`. */
  finish = 'stop';
  queuePosition: () => number | Promise<number> = () => 1;
  /** What the handoff service says of who has a conversation. */
  active: { id: string; agentId: string; agentName: string; revision: bigint } | undefined;
  /** The prompts the model was given. */
  readonly prompts: GenerateRequest[] = [];
  /** Of every preview. */
  readonly previews: { skill: string; priority: number }[] = [];

  constructor() {
    this.reset();
  }

  reset(): void {
    this.hear = (text) => vocabulary[text] ?? {};
    this.find = (query) => library[query] ?? [];
    this.model = noModel;
    this.finish = 'stop';
    this.queuePosition = () => 1;
    this.active = undefined;
    this.prompts.length = 0;
    this.previews.length = 0;
  }

  fakes() {
    return [
      fake(NluService, {
        analyze: async ({ text, locale }) => {
          const { intent = 'out_of_scope', confidence = 0.9, ...heard } = await this.hear(text);
          const orders = [...text.matchAll(/[A-Z]\d{4}/gi)].map((match) => ({
            type: 'order_number',
            value: match[0].toUpperCase(),
            text: match[0],
            start: match.index,
            end: match.index + match[0].length,
          }));
          const { language, confidence: certainty } = detectLanguage(text);
          return {
            understanding: {
              language: certainty > 0.6 ? language : locale || language,
              intent: { name: intent, confidence },
              intentPath: [...(heard.path ?? [])],
              alternatives: [...(heard.alternatives ?? [])],
              emotion: { name: emotionOf(heard), confidence: 0.9 },
              sentiment: heard.sentiment ?? (heard.angry ? -0.9 : 0),
              entities: orders,
              model: 'stage-1',
            },
          };
        },
      }),
      fake(KnowledgeService, {
        search: async ({ query }) => ({
          passages: (await this.find(query)).map((passage) => ({ ...passage })),
        }),
      }),
      fake(LlmService, {
        generate: (request, call) => this.generate(request, call),
      }),
      fake(HandoffService, {
        previewQueue: async ({ skill, priority }) => {
          this.previews.push({ skill, priority });
          return { position: await this.queuePosition() };
        },
        getActive: () => {
          if (!this.active) throw new AppError('not_found', 'Nobody has this conversation.');
          return { handoff: this.active };
        },
      }),
    ];
  }

  private async *generate(request: GenerateRequest, call: CallContext) {
    this.prompts.push(request);
    for await (const token of this.model(request, call))
      yield { event: { case: 'token' as const, value: token } };
    yield { event: { case: 'finished' as const, value: { reason: this.finish, model: 'stage' } } };
  }
}

export interface Told {
  readonly events: readonly ConverseResponse['event'][];
  /** In order, e.g. `accepted understood token replied`. */
  readonly cases: string;
  readonly tokens: string;
  readonly reply: Reply | undefined;
  /** Of the bot's message; empty when there is none. */
  readonly text: string;
  readonly superseded: boolean;
  readonly replayed: boolean;
}

export class Stage {
  readonly leaves = new Leaves();
  readonly facts: ConversationEvent[] = [];
  mesh!: TestMesh;
  private stopRecording: () => Promise<void> = async () => undefined;
  private database!: TestDatabase;

  constructor(
    private readonly openDatabase: () => Promise<TestDatabase>,
    private readonly environment: () => Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    this.database = await this.openDatabase();
    this.mesh = await startMesh([dialogue], {
      fakes: this.leaves.fakes(),
      environment: { DATABASE_URL: this.database.url, ...this.environment() },
    });
    const recording = await this.mesh.process.bus.consume({
      group: 'recorder',
      topics: [conversationTopic.name],
      handle: async ({ payload }) => void this.facts.push(fromBinary(ConversationEventSchema, payload)),
    });
    this.stopRecording = () => recording.stop();
  }

  async stop(): Promise<void> {
    await this.stopRecording();
    await this.mesh.stop();
    await this.database.drop();
  }

  get client(): RpcClient<typeof DialogueService> {
    return this.mesh.client(DialogueService);
  }

  get<T>(token: abstract new (...dependencies: never[]) => T): T {
    return this.mesh.process.host('dialogue').get(token);
  }

  async open(opening: { tenantId?: string; locale?: string; bot?: string } = {}): Promise<Chat> {
    const { tenantId = 't1', ...rest } = opening;
    const { conversation } = await this.mesh.as({ tenantId }, () =>
      this.client.openConversation({ customer: { id: 'c1', name: 'Li' }, ...rest }),
    );
    return new Chat(this, tenantId, conversation!.id);
  }

  publish(topic: string, key: string, tenantId: string, payload: Uint8Array): Promise<void> {
    return this.mesh.process.bus.publish([
      { id: newId(), topic, key, payload, tenantId, occurredAt: Date.now(), headers: {} },
    ]);
  }

  erase(tenantId: string): Promise<void> {
    const event = create(TenantEventSchema, { tenantId, fact: { case: 'erased', value: {} } });
    return this.publish(tenantTopic.name, tenantId, tenantId, toBinary(TenantEventSchema, event));
  }
}

export class Chat {
  constructor(
    readonly stage: Stage,
    readonly tenantId: string,
    readonly id: string,
  ) {}

  as<T>(work: (client: RpcClient<typeof DialogueService>) => T, principal?: Principal): T {
    const caller = { tenantId: this.tenantId, ...(principal && { principal }) };
    return this.stage.mesh.as(caller, () => work(this.stage.client));
  }

  asAgent<T>(agentId: string, work: (client: RpcClient<typeof DialogueService>) => T): T {
    return this.as(work, { kind: 'agent', id: agentId });
  }

  async say(text: string, clientMessageId = ''): Promise<Told> {
    return this.listen(this.converse(text, clientMessageId));
  }

  converse(text: string, clientMessageId = ''): AsyncIterable<ConverseResponse> {
    return this.as((client) => client.converse({ conversationId: this.id, text, clientMessageId }));
  }

  async listen(turn: AsyncIterable<ConverseResponse>): Promise<Told> {
    return this.as(async () => {
      const events: ConverseResponse['event'][] = [];
      for await (const { event } of turn) events.push(event);
      return told(events);
    });
  }

  head() {
    return this.as(
      async (client) => (await client.getConversation({ conversationId: this.id })).conversation!,
    );
  }

  messages(): Promise<Message[]> {
    return this.as(
      async (client) => (await client.listMessages({ conversationId: this.id, limit: 200 })).messages,
    );
  }

  /** The log as `role: text` lines. */
  async script(): Promise<string[]> {
    const roles = ['', 'customer', 'bot', 'agent', 'system'];
    return (await this.messages()).map(({ role, text }) => `${roles[role]}: ${text}`);
  }

  /** Follows the log into `seen` until the work is done. */
  watch(afterSeq = 0): Watcher {
    return new Watcher(this, afterSeq);
  }

  /** The published facts of this conversation. */
  facts(): ConversationEvent['fact'][] {
    return this.stage.facts
      .filter(({ conversationId }) => conversationId === this.id)
      .map(({ fact }) => fact);
  }

  async eventuallyFacts(...cases: string[]): Promise<void> {
    const told = () => this.facts().map((fact) => fact.case);
    await eventually(
      `facts ${cases.join()} are told, not ${told().join()}`,
      () => told().join() === cases.join(),
    );
  }

  /** What the handoff service tells of a handoff of this conversation. */
  async handoff(handoffId: string, revision: number, fact: HandoffEvent['fact']): Promise<void> {
    const event = create(HandoffEventSchema, {
      handoffId,
      conversationId: this.id,
      revision: BigInt(revision),
      fact,
    });
    await this.stage.publish(handoffTopic.name, this.id, this.tenantId, toBinary(HandoffEventSchema, event));
  }

  /** Asks for a person and has one accept. */
  async takenOver(agentId = 'agent-1'): Promise<string> {
    const handoffId = await this.handedOff();
    await this.handoff(handoffId, 1, accepted(agentId));
    await this.eventuallyStatus(3);
    return handoffId;
  }

  async handedOff(): Promise<string> {
    const { handoff } = await this.as((client) => client.requestHandoff({ conversationId: this.id }));
    return handoff!.id;
  }

  async eventuallyStatus(status: number): Promise<void> {
    await eventually(`status ${status}`, async () => (await this.head()).status === status);
  }
}

/** A watch stream that somebody reads as fast as it comes. */
export class Watcher {
  readonly seen: WatchResponse['event'][] = [];
  private readonly leaving = new AbortController();
  private readonly done: Promise<void>;
  failure: unknown;

  constructor(chat: Chat, afterSeq: number) {
    this.done = chat.as(async (client) => {
      const stream = client.watch(
        { conversationId: chat.id, afterSeq: BigInt(afterSeq) },
        { signal: this.leaving.signal },
      );
      try {
        for await (const { event } of stream) this.seen.push(event);
      } catch (error) {
        if (!this.leaving.signal.aborted) this.failure = error;
      }
    });
  }

  seqs(): number[] {
    return this.seen.flatMap((event) => (event.case === 'message' ? [Number(event.value.seq)] : []));
  }

  /** Resolves when the stream has ended by itself. */
  ended(): Promise<void> {
    return this.done;
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.done;
  }
}

export const accepted = (agentId = 'agent-1', agentName = 'Ann'): HandoffEvent['fact'] =>
  ({ case: 'accepted', value: { agentId, agentName } }) as HandoffEvent['fact'];
export const queued = (position: number): HandoffEvent['fact'] =>
  ({ case: 'queued', value: { position } }) as HandoffEvent['fact'];
export const returned = { case: 'returned', value: { note: '' } } as HandoffEvent['fact'];
export const closedByAgent = { case: 'closed', value: {} } as HandoffEvent['fact'];

function told(events: readonly ConverseResponse['event'][]): Told {
  const last = events.at(-1);
  const reply = last?.case === 'replied' ? last.value : undefined;
  const first = events[0];
  return {
    events,
    cases: events.map((event) => event.case).join(' '),
    tokens: events.map((event) => (event.case === 'token' ? event.value.text : '')).join(''),
    reply,
    text: reply?.message?.text ?? '',
    superseded: last?.case === 'superseded',
    replayed: first?.case === 'accepted' && first.value.replayed,
  };
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const embedded = (): Promise<TestDatabase> =>
  Promise.resolve({ url: 'pglite:memory', drop: () => Promise.resolve() });

/** The same behaviour, on the embedded database and on a PostgreSQL server. */
export function onEachDatabase(
  name: string,
  behaviour: (stage: Stage) => void,
  environment: () => Readonly<Record<string, string>> = () => ({}),
): void {
  const body = (openDatabase: () => Promise<TestDatabase>) => (): void => {
    const stage = new Stage(openDatabase, environment);
    beforeAll(() => stage.start());
    afterAll(() => stage.stop());
    beforeEach(() => stage.leaves.reset());
    behaviour(stage);
  };
  describe(`${name}, on the embedded database`, body(embedded));
  describeWith('postgres', `${name}, on PostgreSQL`, body(freshDatabase));
}
