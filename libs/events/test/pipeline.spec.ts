/** Outbox, bus and inbox as one: what is committed has its effect exactly once and in order, whatever dies between. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newId } from '@frontdesk/core';
import type { Database } from '@frontdesk/store';
import { describeWith, freshDatabase, type FreshDatabase } from '@frontdesk/testing/servers';
import { freePort, startKafka } from '../../../infra/local/servers/servers.ts';
import { eventually } from '../src/event-bus.contract.js';
import type { DeadLetter, EventBus } from '../src/event-bus.js';
import { Outbox, OutboxRelay, openEventBus, replayDeadLetters, startConsumers } from '../src/index.js';
import { consumerOf, effects, inTenant, openTestDatabase, recordOf, saying, topicNamed } from './fixtures.js';

const LONG_MS = 180_000;

/** In random order but for records of one key, each 1 to 5 times; a copy never comes before its original's turn. */
function shuffledWithCopies<T extends { key: string }>(records: readonly T[]): T[] {
  const queues = [...Map.groupBy(records, ({ key }) => key).values()];
  const shuffled: T[] = [];
  const gone: T[] = [];
  while (queues.length > 0) {
    const at = Math.floor(Math.random() * queues.length);
    const next = queues[at]!.shift()!;
    if (queues[at]!.length === 0) queues.splice(at, 1);
    shuffled.push(next);
    for (let copies = Math.floor(Math.random() * 5); copies > 0; copies -= 1) gone.push(next);
    while (gone.length > 40) shuffled.push(gone.splice(Math.floor(Math.random() * gone.length), 1)[0]!);
  }
  return [...shuffled, ...gone];
}

function pipeline(databaseUrl: () => Promise<string>, busUrl: string): void {
  let db: Database;
  let bus: EventBus;
  beforeAll(async () => {
    db = await openTestDatabase(await databaseUrl());
    bus = await openEventBus(busUrl);
  });
  afterAll(async () => {
    await bus.close();
    await db.close();
  });

  it(
    'has one effect per event, in order, of copies out of turn; exactly the malformed are put aside',
    async () => {
      const topic = topicNamed(`t-${newId()}`);
      const expected = new Map<string, string[]>();
      const good = Array.from({ length: 1_000 }, (_, index) => {
        const key = `k${index % 25}`;
        expected.set(key, [...(expected.get(key) ?? []), String(index)]);
        return recordOf(topic, key, String(index));
      });
      const poison = good
        .filter((_, index) => index % 100 === 0)
        .map(({ key }) => ({ ...recordOf(topic, key, ''), payload: Uint8Array.of(0x0a, 0xff) }));
      const sent = shuffledWithCopies([...good, ...poison]);
      const consumption = await startConsumers({
        service: topic.name,
        bus,
        db,
        consumers: [consumerOf(topic)],
      });

      await bus.publish(sent);
      await eventually(
        async () => expect([...(await effects(db)).values()].flat().length).toBe(1_000),
        90_000,
      );
      await eventually(async () => {
        const letters = new Set<string>();
        const onLetter = (letter: DeadLetter): unknown => letters.add(letter.id);
        await replayDeadLetters({ bus, topic: topic.name, dryRun: true, onLetter });
        expect(letters).toEqual(new Set(poison.map(({ id }) => id)));
      });
      await consumption.stop();
      expect(await effects(db)).toEqual(expected);
    },
    LONG_MS,
  );
}

/** Kills the process that relays and consumes while events are added, and starts another. */
function survivesKills(busUrl: string, kills: number): void {
  it(
    `has every effect once and in order after ${kills} kills`,
    async () => {
      await using fresh = await freshDatabase();
      const db = await openTestDatabase(fresh.url);
      const topic = topicNamed(`t-${newId()}`);
      const outbox = new Outbox({ wake: () => {} });
      const expected = new Map<string, string[]>();
      let adding = true;
      const added = (async () => {
        for (let index = 0; adding; index += 1) {
          const key = `k${index % 10}`;
          await inTenant(db, (tx) => outbox.add(tx, topic, saying(key, String(index))));
          expected.set(key, [...(expected.get(key) ?? []), String(index)]);
          await sleep(2);
        }
      })();
      const children: ChildProcess[] = [];
      const start = async (): Promise<ChildProcess> => {
        const script = fileURLToPath(new URL('./mesh-process.ts', import.meta.url));
        const execArgv = ['--disable-warning=ExperimentalWarning'];
        const child = fork(script, [fresh.url, busUrl, topic.name], { execArgv });
        children.push(child);
        await once(child, 'message');
        return child;
      };
      const kill = async (child: ChildProcess): Promise<void> => {
        const exit = once(child, 'exit');
        if (child.kill('SIGKILL')) await exit;
      };
      try {
        for (let round = 0; round < kills; round += 1) {
          const seen = await countEffects(db);
          const child = await start();
          await eventually(async () => expect(await countEffects(db)).toBeGreaterThan(seen + 50), 60_000);
          await sleep(Math.random() * 100);
          await kill(child);
        }
        adding = false;
        await added;
        await start();
        const total = [...expected.values()].flat().length;
        await eventually(async () => expect(await countEffects(db)).toBeGreaterThanOrEqual(total), 60_000);
        // A copy of an event would have its effect by now.
        await sleep(500);
        expect(await effects(db)).toEqual(expected);
      } finally {
        adding = false;
        await added;
        await Promise.all(children.map(kill));
        await db.close();
      }
    },
    LONG_MS,
  );
}

const countEffects = async (db: Database): Promise<number> => {
  const [row] = await inTenant(db, (tx) =>
    tx.query<{ count: number }>('SELECT count(*) AS count FROM effects'),
  );
  return row!.count;
};

describe('in one process, on PGlite', () => {
  pipeline(async () => 'pglite:memory', 'memory:');
});

describeWith('postgres', 'in one process, on PostgreSQL', () => {
  survivesKills('memory:', 3);
});

describeWith(['postgres', 'kafka'], 'over Kafka, on PostgreSQL', ({ KAFKA_BROKERS }) => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  pipeline(async () => fresh.url, `kafka://${KAFKA_BROKERS}`);
  survivesKills(`kafka://${KAFKA_BROKERS}`, 2);

  it(
    'catches up in order after the broker was killed and came back',
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'frontdesk-kafka-'));
      const port = await freePort();
      let broker = await startKafka(dir, port);
      await using own = await freshDatabase();
      const db = await openTestDatabase(own.url);
      const bus = await openEventBus(`kafka://127.0.0.1:${port}`);
      const topic = topicNamed(`t-${newId()}`);
      const relay = new OutboxRelay(db, bus);
      const outbox = new Outbox(relay);
      const expected = new Map<string, string[]>();
      const tell = async (from: number, to: number): Promise<void> => {
        for (let index = from; index < to; index += 1) {
          const key = `k${index % 10}`;
          await inTenant(db, (tx) => outbox.add(tx, topic, saying(key, String(index))));
          expected.set(key, [...(expected.get(key) ?? []), String(index)]);
        }
      };
      try {
        await startConsumers({ service: topic.name, bus, db, consumers: [consumerOf(topic)] });
        relay.start();
        await tell(0, 500);
        await broker.kill();
        expect(await bus.ping()).toBe(false);
        await tell(500, 1_500);
        broker = await startKafka(dir, port);
        await tell(1_500, 2_000);
        await eventually(async () => expect(await countEffects(db)).toBeGreaterThanOrEqual(2_000), 120_000);
        expect(await effects(db)).toEqual(expected);
        await eventually(async () => expect(await relay.pending()).toMatchObject({ count: 0, parked: 0 }));
        expect(await bus.ping()).toBe(true);
      } finally {
        await relay.stop();
        await bus.close();
        await db.close();
        await broker.stop();
        await rm(dir, { recursive: true, force: true });
      }
    },
    LONG_MS,
  );
});
