/**
 * What an event costs from the commit that makes it true to the commit of its effect, beside kafkajs alone in the
 * same interleaved run.
 *
 *     tsc -b libs/events libs/testing && node libs/events/src/events.bench.ts [rounds]
 *
 * Prints the CPU time of this process per event, the least of all rounds (the rest is the neighbours), and the
 * highest rate. Broker and database are processes of their own and are not counted. Needs both:
 * `node infra/local/servers/servers.ts up`.
 */
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { create, toBinary } from '@bufbuild/protobuf';
import { conversationTopic } from '@frontdesk/contracts';
import { ConversationEventSchema } from '@frontdesk/contracts/events/v1/conversation_events';
import { newId, runInContext } from '@frontdesk/core';
import {
  Consumes,
  Outbox,
  OutboxRelay,
  eventMigrations,
  openEventBus,
  startConsumers,
} from '@frontdesk/events';
import type { EventConsumer } from '@frontdesk/events';
import { openDatabase, type Transaction } from '@frontdesk/store';
import { freshDatabase, servers } from '@frontdesk/testing/servers';

const rounds = Number(process.argv[2] ?? 10);
const EVENTS = 1_000;
const WRITERS = 8;
const KEYS = 100;

const { KAFKA_BROKERS } = servers();
if (!KAFKA_BROKERS) throw new Error('No Kafka here: start it with "node infra/local/servers/servers.ts up".');
await using fresh = await freshDatabase();

const topic = { ...conversationTopic, name: `bench-${newId()}` };
const event = (index: number) =>
  ({
    conversationId: `conversation-${index % KEYS}`,
    fact: { case: 'feedbackGiven', value: { rating: 5, comment: 'That was quick, thank you very much!' } },
  }) as const;

/** Resolves once `EVENTS` more have arrived. */
class Arrivals {
  private count = 0;
  private all = Promise.withResolvers<void>();

  readonly one = (): void => {
    this.count += 1;
    if (this.count % EVENTS === 0) this.all.resolve();
  };
  async next(): Promise<void> {
    await this.all.promise;
    this.all = Promise.withResolvers();
  }
}

const db = await openDatabase({
  url: fresh.url,
  service: 'bench',
  migrations: [eventMigrations, new URL('../test/migrations/', import.meta.url)],
  poolSize: WRITERS + 4,
});
const bus = await openEventBus(`kafka://${KAFKA_BROKERS}`);
const handled = new Arrivals();
const consumer = new (class BenchConsumer implements EventConsumer<typeof topic.message> {
  async handle(): Promise<void> {
    handled.one();
  }
})();
Consumes(topic)(consumer.constructor as new () => typeof consumer);
await startConsumers({ service: topic.name, bus, db, consumers: [consumer] });

/** A service whose relay is asleep, so that adding and sending can be measured apart. */
const outbox = new Outbox({ wake: () => {} });
const commitAll = async (work: (tx: Transaction, index: number) => Promise<unknown>): Promise<void> => {
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let index = next++; index < EVENTS; index = next++) {
      await runInContext({ requestId: newId(), tenantId: 'tenant' }, () =>
        db.transaction((tx) => work(tx, index)),
      );
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
};
const effect = (tx: Transaction, index: number) =>
  tx.query('INSERT INTO effects (key, text) VALUES ($1, $2)', [`k${index % KEYS}`, 'a row of the business']);

const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
const bareTopic = `${topic.name}-bare`;
const arrived = new Arrivals();
await producer.connect();
await bus.publish([
  {
    id: newId(),
    topic: bareTopic,
    key: 'k',
    payload: Buffer.from('x'),
    tenantId: 't',
    occurredAt: 0,
    headers: {},
  },
]);
const bare = kafka.consumer({ groupId: bareTopic, maxWaitTimeInMs: 500 });
await bare.connect();
await bare.subscribe({ topics: [bareTopic], fromBeginning: false });
const joined = new Promise((resolve) => bare.on('consumer.group_join', resolve));
await bare.run({ eachBatch: async ({ batch }) => batch.messages.forEach(arrived.one) });
await joined;

const subjects: Record<string, () => Promise<void>> = {
  'kafkajs alone, one batch': async () => {
    const messages = Array.from({ length: EVENTS }, (_, index) => {
      const message = create(ConversationEventSchema, event(index));
      return { key: message.conversationId, value: Buffer.from(toBinary(ConversationEventSchema, message)) };
    });
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: bareTopic, messages }] });
    await arrived.next();
  },
  'a transaction without event': () => commitAll(effect),
  'a transaction with event': () =>
    commitAll(async (tx, index) => {
      await effect(tx, index);
      await outbox.add(tx, topic, event(index));
    }),
  // Follows the one above and sends what it has added.
  'outbox → Kafka → inbox': async () => {
    const relay = new OutboxRelay(db, bus);
    relay.start();
    await handled.next();
    await relay.stop();
  },
};

const least = new Map(Object.keys(subjects).map((name) => [name, { cpu: Infinity, seconds: Infinity }]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, run] of Object.entries(subjects)) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await run();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1_000;
    const best = least.get(name)!;
    // The first round warms up.
    if (round >= 0)
      least.set(name, { cpu: Math.min(best.cpu, user + system), seconds: Math.min(best.seconds, seconds) });
  }
}
for (const [name, { cpu, seconds }] of least) {
  const figures = [
    (cpu / EVENTS).toFixed(0).padStart(6),
    Math.round(EVENTS / seconds)
      .toString()
      .padStart(8),
  ];
  console.log(`${name.padEnd(30)}${figures[0]} µs CPU/event${figures[1]} events/s`);
}
await Promise.all([producer.disconnect(), bare.disconnect(), bus.close()]);
await db.close();
process.exit();
