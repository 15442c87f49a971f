/** What every EventBus does, whatever carries the records. Run by the spec of each adapter. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, newId } from '@frontdesk/core';
import { replayDeadLetters } from './dead-letter.js';
import type { Consumption, ConsumeOptions, DeadLetter, EventBus, EventRecord } from './event-bus.js';

const EVENTUALLY_MS = 45_000;

/** Resolves once `check` passes; fails with its last failure after 20 s, or as long as is said. */
export async function eventually(check: () => void | Promise<void>, withinMs = EVENTUALLY_MS): Promise<void> {
  for (const deadline = Date.now() + withinMs; ; await sleep(10)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

export function record(topic: string, key: string, text: string): EventRecord {
  return {
    id: newId(),
    topic,
    key,
    payload: Buffer.from(text),
    tenantId: 'tenant-1',
    occurredAt: Date.now(),
    headers: { 'x-request-id': `request of ${text}` },
  };
}

export const text = ({ payload }: EventRecord): string => Buffer.from(payload).toString();

/** `bus` gives the one under test; topics and groups are fresh in every test. */
export function eventBusContract(bus: () => EventBus): void {
  let topic: string;
  let group: string;
  let consumptions: Consumption[];

  beforeEach(() => {
    topic = `t-${newId()}`;
    group = `g-${newId()}`;
    consumptions = [];
  });
  afterEach(() => Promise.all(consumptions.map((consumption) => consumption.stop())));

  const consume = async (
    handle: (record: EventRecord) => Promise<void> | void,
    options: Partial<ConsumeOptions> = {},
  ): Promise<Consumption> => {
    const consumption = await bus().consume({
      group,
      topics: [topic],
      handle: async (received) => handle(received),
      patienceMs: 300,
      ...options,
    });
    consumptions.push(consumption);
    return consumption;
  };
  /** The in-process bus settles only once the records are handled, so most tests do not wait for it. */
  const publish = (records: readonly EventRecord[]): void =>
    void bus()
      .publish(records)
      .catch(() => {});
  const dead = async (): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = [];
    await replayDeadLetters({ bus: bus(), topic, dryRun: true, onLetter: (letter) => letters.push(letter) });
    return letters;
  };

  it('answers a ping', async () => {
    expect(await bus().ping()).toBe(true);
  });

  it('gives every group every record, as it was', async () => {
    const received: Record<string, EventRecord[]> = { a: [], b: [] };
    await consume((each) => void received['a']!.push(each), { group: `${group}-a` });
    await consume((each) => void received['b']!.push(each), { group: `${group}-b` });
    const sent = [
      record(topic, 'k', 'one'),
      { ...record(topic, 'k', ''), payload: Uint8Array.of(0, 255, 128) },
    ];

    await bus().publish(sent);
    await eventually(() => expect([received['a']!.length, received['b']!.length]).toEqual([2, 2]));

    for (const group of Object.values(received)) {
      expect(group.map((each) => ({ ...each, payload: [...each.payload] }))).toEqual(
        sent.map((each) => ({ ...each, payload: [...each.payload] })),
      );
    }
  });

  it('gives away copies: what a handler does to the bytes, no other group sees', async () => {
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      await consume(
        (each) => {
          seen.push(text(each));
          each.payload.fill(0);
        },
        { group: `${group}-${name}` },
      );
    }
    const sent = record(topic, 'k', 'untouched');
    await bus().publish([sent]);
    await eventually(() => expect(seen).toHaveLength(2));
    expect([...seen, text(sent)]).toEqual(['untouched', 'untouched', 'untouched']);
  });

  it('keeps the order of each key, over calls that do not wait for each other and over two members', async () => {
    const keys = Array.from({ length: 20 }, (_, key) => `key-${key}`);
    const received = new Map<string, string[]>(keys.map((key) => [key, []]));
    const handle = async (each: EventRecord): Promise<void> => {
      await sleep(Math.random() * 2);
      received.get(each.key)!.push(text(each));
    };
    await consume(handle);
    await consume(handle);

    const expected = Array.from({ length: 25 }, (_, index) => String(index));
    for (const index of expected) publish(keys.map((key) => record(topic, key, index)));
    await eventually(() => expect([...received.values()].flat()).toHaveLength(500));

    for (const key of keys) expect(received.get(key)).toEqual(expected);
  });

  it('tries a failing record again before those behind it', async () => {
    const attempts: string[] = [];
    await consume(
      (each) => {
        attempts.push(text(each));
        if (attempts.length < 3) throw new AppError('unavailable', 'not yet');
      },
      { patienceMs: 20_000 },
    );
    publish([record(topic, 'k', 'first'), record(topic, 'k', 'second')]);
    await eventually(() => expect(attempts).toHaveLength(4));
    expect(attempts).toEqual(['first', 'first', 'first', 'second']);
    expect(await dead()).toEqual([]);
  });

  it('puts a record aside that keeps failing, for its group alone, and goes on', async () => {
    const handled: Record<string, string[]> = { works: [], fails: [] };
    const told: DeadLetter[] = [];
    await consume((each) => void handled['works']!.push(text(each)), { group: `${group}-works` });
    await consume(
      (each) => {
        if (text(each) === 'bad') throw new AppError('aborted', 'not today');
        handled['fails']!.push(text(each));
      },
      { group: `${group}-fails`, deadLettered: (letter) => told.push(letter) },
    );
    const bad = record(topic, 'k', 'bad');
    await bus().publish([bad, record(topic, 'k', 'good')]);
    await eventually(() => expect(handled).toEqual({ works: ['bad', 'good'], fails: ['good'] }));

    const [letter, ...others] = await dead();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ id: bad.id, topic, key: 'k', group: `${group}-fails` });
    expect(letter).toMatchObject({
      reason: 'aborted: not today',
      record: { id: bad.id, headers: bad.headers },
    });
    expect(letter!.attempts).toBeGreaterThan(1);
    expect(told).toMatchObject([{ id: bad.id }]);
  });

  it('puts a record aside at once when its fault is its own', async () => {
    await consume(() => {
      throw new AppError('invalid_argument', 'no such thing');
    });
    await bus().publish([record(topic, 'k', 'poison')]);
    await eventually(async () =>
      expect(await dead()).toMatchObject([{ reason: 'invalid_argument: no such thing', attempts: 1 }]),
    );
  });

  it("does not blame a record for its consumer's database", async () => {
    let away = true;
    const attempts: string[] = [];
    await consume(
      () => {
        attempts.push(away ? 'failed' : 'handled');
        // Away for longer than the patience with a failing record.
        if (attempts.length === 1) setTimeout(() => (away = false), 1_000);
        if (away) throw new AppError('unavailable', 'no database');
      },
      { healthy: async () => !away },
    );
    publish([record(topic, 'k', 'patient')]);
    await eventually(() => expect(attempts.at(-1)).toBe('handled'));
    expect(attempts.length).toBeGreaterThan(2);
    expect(await dead()).toEqual([]);
  });

  it('replays dead letters of one group, once', async () => {
    let broken = true;
    const handled: string[] = [];
    const consumer = (each: EventRecord): void => {
      if (broken) throw new AppError('invalid_argument', 'bug');
      handled.push(text(each));
    };
    await consume(consumer, { group: `${group}-a` });
    await consume(consumer, { group: `${group}-b` });
    await bus().publish([record(topic, 'k1', 'one'), record(topic, 'k2', 'two')]);
    await eventually(async () => expect(await dead()).toHaveLength(4));

    broken = false;
    const replay = { bus: bus(), topic, group: `${group}-a` };
    expect(await replayDeadLetters({ ...replay, dryRun: true })).toEqual({
      found: 2,
      replayed: 0,
      unreadable: 0,
    });
    expect(await replayDeadLetters(replay)).toEqual({ found: 2, replayed: 2, unreadable: 0 });
    await eventually(() => expect(handled.toSorted()).toEqual(['one', 'one', 'two', 'two']));
    expect(await replayDeadLetters(replay)).toEqual({ found: 0, replayed: 0, unreadable: 0 });
    expect((await dead()).map((letter) => letter.group)).toEqual([`${group}-b`, `${group}-b`]);
  });

  it('finishes what is in hand before a stop resolves, and keeps the rest for the next member', async () => {
    const handled: string[] = [];
    const started = Promise.withResolvers<void>();
    const first = await consume(async (each) => {
      started.resolve();
      await sleep(200);
      handled.push(text(each));
    });
    const sent = Array.from({ length: 5 }, (_, index) => String(index));
    publish(sent.map((each) => record(topic, 'k', each)));
    await started.promise;
    await first.stop();
    expect(handled).toEqual(['0']);

    publish([record(topic, 'k', 'while nobody is there')]);
    await consume((each) => void handled.push(text(each)));
    await eventually(() => expect(handled).toHaveLength(6));
    expect(handled).toEqual([...sent, 'while nobody is there']);
  });

  it('gives a record that was being retried to the next member', async () => {
    const attempts: string[] = [];
    const leaving = await consume(
      () => {
        attempts.push('leaving');
        throw new AppError('unavailable', 'not here');
      },
      { patienceMs: 60_000 },
    );
    publish([record(topic, 'k', 'one')]);
    await eventually(() => expect(attempts.length).toBeGreaterThan(1));
    await leaving.stop();
    await consume((each) => void attempts.push(text(each)));
    await eventually(() => expect(attempts.at(-1)).toBe('one'));
    expect(await dead()).toEqual([]);
  });

  it('carries five thousand records in one call', async () => {
    const received = new Set<string>();
    await consume((each) => void received.add(each.id));
    const sent = Array.from({ length: 5_000 }, (_, index) =>
      record(topic, `key-${index % 100}`, String(index)),
    );
    await bus().publish(sent);
    await eventually(() => expect(received.size).toBe(5_000));
  });
}
