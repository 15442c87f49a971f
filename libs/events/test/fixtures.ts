/** What several specs of this library need: a database with events, an event, and a bus that can be watched. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { conversationTopic, type Topic } from '@frontdesk/contracts';
import {
  ConversationEventSchema,
  type ConversationEvent,
} from '@frontdesk/contracts/events/v1/conversation_events';
import { newId, runInContext, type RequestContext } from '@frontdesk/core';
import { openDatabase, type Database, type Transaction } from '@frontdesk/store';
import { EventBus, type Consumption, type EventRecord } from '../src/event-bus.js';
import { Consumes, eventMigrations, type EventConsumer } from '../src/index.js';

export const tenant = 'tenant-1';

export const openTestDatabase = (url: string): Promise<Database> =>
  openDatabase({
    url,
    service: 'events_test',
    migrations: [eventMigrations, new URL('./migrations/', import.meta.url)],
    poolSize: 12,
  });

/** A topic of its own, with the message of `conversation.v1`. */
export const topicNamed = (name: string): Topic<typeof ConversationEventSchema> => ({
  ...conversationTopic,
  name,
});

export const saying = (key: string, text: string) =>
  ({ conversationId: key, fact: { case: 'feedbackGiven', value: { rating: 5, comment: text } } }) as const;

export function said(event: ConversationEvent): string {
  return event.fact.case === 'feedbackGiven' ? event.fact.value.comment : '';
}

export const textOf = ({ payload }: EventRecord): string =>
  said(fromBinary(ConversationEventSchema, payload));

/** One transaction of the test's tenant. */
export const inTenant = <T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  context: Partial<RequestContext> = {},
): Promise<T> =>
  runInContext({ requestId: newId(), tenantId: tenant, ...context }, () => db.transaction(work));

/** Texts per key, each counted where it was first seen: what consumers that deduplicate make of it. */
export function firstSeen(records: readonly EventRecord[]): Map<string, string[]> {
  const seen = new Map<string, Set<string>>();
  for (const record of records) {
    const texts = seen.get(record.key) ?? new Set();
    seen.set(record.key, texts.add(textOf(record)));
  }
  return new Map([...seen].map(([key, texts]) => [key, [...texts]]));
}

/** Writes down what it is given, in the order in which a broker would. */
export class RecordingBus extends EventBus {
  readonly records: EventRecord[] = [];
  readonly calls: number[] = [];
  /** Run before a call is written down; its rejection is that of the call. */
  before: (records: readonly EventRecord[]) => Promise<void> | void = () => {};

  async publish(records: readonly EventRecord[]): Promise<void> {
    await this.before(records);
    this.records.push(...records);
    this.calls.push(records.length);
  }
  async consume(): Promise<Consumption> {
    return { stop: async () => {} };
  }
  async deadLetters(): Promise<void> {}
  async ping(): Promise<boolean> {
    return true;
  }
  async close(): Promise<void> {}
}

/** An instance of a consumer class of `topic`. */
export function consumerOf(
  topic: Topic<typeof ConversationEventSchema>,
  handle: EventConsumer<typeof ConversationEventSchema>['handle'] = writeEffect,
): EventConsumer {
  @Consumes(topic)
  class TestConsumer implements EventConsumer<typeof ConversationEventSchema> {
    handle = handle;
  }
  return new TestConsumer();
}

/** The effect of an event: one row, in the order of handling. */
export async function writeEffect(event: ConversationEvent, tx: Transaction): Promise<void> {
  await tx.query('INSERT INTO effects (key, text) VALUES ($1, $2)', [event.conversationId, said(event)]);
}

/** Texts per key in the order of their effects. */
export async function effects(db: Database): Promise<Map<string, string[]>> {
  const rows = await inTenant(db, (tx) =>
    tx.query<{ key: string; text: string }>('SELECT key, text FROM effects ORDER BY position'),
  );
  const byKey = Map.groupBy(rows, ({ key }) => key);
  return new Map([...byKey].map(([key, group]) => [key, group.map(({ text }) => text)]));
}

/** The record of an event, as the outbox would send it. */
export function recordOf(topic: Topic, key: string, text: string): EventRecord {
  return {
    id: newId(),
    topic: topic.name,
    key,
    payload: toBinary(ConversationEventSchema, create(ConversationEventSchema, saying(key, text))),
    tenantId: tenant,
    occurredAt: Date.now(),
    headers: {},
  };
}
