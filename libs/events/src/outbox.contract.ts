/** What outbox and relay do on every Database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, newId } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import { RecordingBus, firstSeen, inTenant, saying, tenant, textOf, topicNamed } from '../test/fixtures.js';
import { eventually } from './event-bus.contract.js';
import type { EventBus } from './event-bus.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';

class CutOffDatabase extends Database {
  off = false;

  constructor(private readonly db: Database) {
    super();
  }
  async system<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.off) await never;
    const result = await this.db.system(work);
    if (this.off) await never;
    return result;
  }
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }
  ping(): Promise<void> {
    return this.db.ping();
  }
  async close(): Promise<void> {}
}

/** Keeps the result of one look at the database back for as long as a test wants. */
class SlowDatabase extends CutOffDatabase {
  private held: ((release: () => void) => void) | undefined;

  /** Resolves, once the next look has read, with what lets its result go. */
  holdNext(): Promise<() => void> {
    return new Promise((resolve) => (this.held = resolve));
  }
  override async system<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = await super.system(work);
    const { held } = this;
    this.held = undefined;
    if (held) await new Promise<void>((release) => held(release));
    return result;
  }
}

const never = new Promise<never>(() => {});

/** `open` gives another connection to the same database, as another process would have. */
export function outboxContract(open: () => Promise<Database>): void {
  const topic = topicNamed('test.v1');
  let db: Database;
  let bus: RecordingBus;
  let relays: OutboxRelay[];

  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => {
    bus = new RecordingBus();
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await db.system((tx) => tx.query('DELETE FROM outbox'));
  });

  const startRelay = (over: EventBus = bus, database = db): OutboxRelay => {
    const relay = new OutboxRelay(database, over);
    relays.push(relay);
    relay.start();
    return relay;
  };
  const tell = (outbox: Outbox, key: string, text: string): Promise<void> =>
    inTenant(db, (tx) => outbox.add(tx, topic, saying(key, text)));
  const left = async (): Promise<number> => (await new OutboxRelay(db, bus).pending()).count;
  const drained = (): Promise<void> => eventually(async () => expect(await left()).toBe(0));

  it('sends an event with its envelope after the commit, and removes it', async () => {
    const outbox = new Outbox(startRelay());
    const before = Date.now();
    await inTenant(db, (tx) => outbox.add(tx, topic, saying('k', 'hello')), { requestId: 'request-1' });
    await eventually(() => expect(bus.records).toHaveLength(1));

    const [sent] = bus.records;
    expect(textOf(sent!)).toBe('hello');
    expect(sent).toMatchObject({ topic: 'test.v1', key: 'k', tenantId: tenant });
    expect(sent!.headers).toEqual({ 'x-request-id': 'request-1' });
    expect(Math.abs(sent!.occurredAt - before)).toBeLessThan(60_000);
    await drained();
  });

  it('sends nothing of a transaction that failed', async () => {
    const outbox = new Outbox(startRelay());
    const failing = inTenant(db, async (tx) => {
      await outbox.add(tx, topic, saying('k', 'never'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await tell(outbox, 'k', 'told');
    await eventually(() => expect(bus.records.map(textOf)).toEqual(['told']));
  });

  it('refuses an event without key, without tenant, or too large, before anything is written', async () => {
    const outbox = new Outbox({ wake: () => {} });
    await expect(tell(outbox, '', 'no key')).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(tell(outbox, 'k', 'x'.repeat(600_000))).rejects.toMatchObject({ code: 'invalid_argument' });
    const ofNobody = db.system((tx) => outbox.add(tx, topic, saying('k', 'whose?')));
    await expect(ofNobody).rejects.toMatchObject({ code: 'failed_precondition' });
    expect(await left()).toBe(0);
  });

  it('sends what it finds when it starts, in batches that a broker takes', async () => {
    const outbox = new Outbox({ wake: () => {} });
    const text = 'x'.repeat(1_000);
    await inTenant(db, async (tx) => {
      for (let index = 0; index < 1_200; index += 1)
        await outbox.add(tx, topic, saying('k', `${index} ${text}`));
    });
    startRelay();
    await drained();
    expect(bus.records.map((record) => Number(textOf(record).split(' ')[0]))).toEqual([
      ...Array(1_200).keys(),
    ]);
    const batches = bus.calls;
    expect(Math.max(...batches)).toBeGreaterThan(50);
    expect(Math.max(...batches) * (1_000 + 512)).toBeLessThan(512 * 1_024);
  });

  it('keeps events while the bus is away, without delaying those who add more, and their order afterwards', async () => {
    let away = true;
    bus.before = () => {
      if (away) throw new AppError('unavailable', 'no broker');
    };
    const outbox = new Outbox(startRelay());
    const texts = Array.from({ length: 30 }, (_, index) => String(index));
    for (const text of texts) await tell(outbox, 'k', text);
    expect(bus.records).toEqual([]);
    const behind = await new OutboxRelay(db, bus).pending();
    expect(behind).toMatchObject({ count: 30, parked: 0 });
    expect(behind.oldestSeconds).toBeGreaterThan(0);

    away = false;
    await drained();
    expect(bus.records.map(textOf)).toEqual(texts);
  });

  it('keeps the order of a key when a batch fails while the next one is being read', async () => {
    const slow = new SlowDatabase(db);
    const arrived = Promise.withResolvers<void>();
    const failing = Promise.withResolvers<void>();
    bus.before = async () => {
      bus.before = () => {};
      arrived.resolve();
      await failing.promise;
      throw new AppError('unavailable', 'The bus went away.');
    };
    const outbox = new Outbox(startRelay(bus, slow));
    await tell(outbox, 'k', 'first');
    await arrived.promise;
    const reading = slow.holdNext();
    await tell(outbox, 'k', 'second');
    const release = await reading;
    failing.resolve();
    await sleep(50);
    release();
    await drained();
    expect(bus.records.map(textOf)).toEqual(['first', 'second']);
  });

  it('parks what the bus refuses for good, and sends the others in order', async () => {
    bus.before = (records) => {
      if (records.some((record) => textOf(record) === 'poison'))
        throw new AppError('invalid_argument', 'too large');
    };
    const outbox = new Outbox({ wake: () => {} });
    for (const text of ['a', 'poison', 'b', 'c']) await tell(outbox, 'k', text);
    const relay = startRelay();
    await drained();
    expect(bus.records.map(textOf)).toEqual(['a', 'b', 'c']);
    expect(await relay.pending()).toMatchObject({ count: 0, parked: 1 });
    const [parked] = await db.system((tx) => tx.query('SELECT parked_because FROM outbox'));
    expect(parked).toEqual({ parked_because: 'too large' });
  });

  it('does not let one slow consumer in this process hold up the other events', async () => {
    const slow = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    bus.before = (records) => {
      if (records.every((record) => record.key !== 'slow')) return;
      started.resolve();
      return slow.promise;
    };
    const outbox = new Outbox(startRelay());
    await tell(outbox, 'slow', 'one');
    await started.promise;
    await tell(outbox, 'quick', 'two');
    await tell(outbox, 'quick', 'three');
    await eventually(() => expect(bus.records.map(textOf)).toEqual(['two', 'three']));
    slow.resolve();
    await drained();
  });

  it('keeps the order of the commits with two relays and transactions that commit late', async () => {
    const other = await open();
    bus.before = () => sleep(Math.random() * 5);
    const outbox = new Outbox(startRelay());
    const second = new Outbox(startRelay(bus, other));
    const keys = Array.from({ length: 50 }, (_, key) => `${newId()}-${key}`);
    const committed = new Map<string, string[]>(keys.map((key) => [key, []]));

    const commitOne = async (key: string, text: string): Promise<void> => {
      const [database, through] = Math.random() < 0.5 ? [db, outbox] : [other, second];
      const count = await inTenant(database, async (tx) => {
        await through.add(tx, topic, saying(key, text));
        await sleep(Math.random() * 4);
        // Held until the commit, so that its count is the place of the commit among those of the key.
        const [row] = await tx.query<{ count: number }>(
          `INSERT INTO commits (key, count) VALUES ($1, 1)
           ON CONFLICT (tenant_id, key) DO UPDATE SET count = commits.count + 1 RETURNING count`,
          [key],
        );
        return row!.count;
      });
      committed.get(key)![count - 1] = text;
    };
    // Ten writers; each works through its own events, of keys that all have.
    const writers = Array.from({ length: 10 }, async (_, writer) => {
      for (let round = 0; round < 4; round += 1) {
        const turned = [...keys.slice(writer * 3), ...keys.slice(0, writer * 3)];
        for (const key of turned) await commitOne(key, `${writer}/${round}`);
      }
    });
    await Promise.all(writers);
    await drained();
    await Promise.all(relays.map((relay) => relay.stop()));
    await other.close();

    expect(firstSeen(bus.records)).toEqual(committed);
    expect(bus.records).toHaveLength(2_000);
  }, 120_000);

  it('loses nothing and keeps the order when relays are cut off in the middle of a batch', async () => {
    const outbox = new Outbox({ wake: () => {} });
    const expected = new Map<string, string[]>();
    const tellMore = async (round: number): Promise<void> => {
      for (let index = 0; index < 70; index += 1) {
        const key = `k${index % 7}`;
        const text = `${round}/${index}`;
        await tell(outbox, key, text);
        expected.set(key, [...(expected.get(key) ?? []), text]);
      }
    };
    for (let victim = 0; victim < 2; victim += 1) {
      await tellMore(victim);
      // As by SIGKILL: half of its batch has arrived, and it never touches the database again.
      const cut = new CutOffDatabase(db);
      const cutOff = Promise.withResolvers<void>();
      const half = new RecordingBus();
      half.before = async (records) => {
        bus.records.push(...records.slice(0, records.length / 2));
        cut.off = true;
        cutOff.resolve();
        await never;
      };
      new OutboxRelay(cut, half).start();
      await cutOff.promise;
    }
    await tellMore(2);
    startRelay();
    await drained();
    expect(firstSeen(bus.records)).toEqual(expected);
    expect(new Set(bus.records.map(({ id }) => id)).size).toBe(210);
  }, 60_000);
}
