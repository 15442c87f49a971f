/** What every KeyValue does, whatever is behind it. Run by the spec of each adapter. */
import { newId } from '@frontdesk/core';
import type { KeyValue, Lease, RateLimit } from './key-value.js';

/** `open` gives an instance on the store under test: each process has one, all see the same. */
export function keyValueContract(open: () => Promise<KeyValue>): void {
  let store: KeyValue;
  let elsewhere: KeyValue;
  beforeAll(async () => {
    store = await open();
    elsewhere = await open();
  });
  afterAll(() => Promise.all([store.close(), elsewhere.close()]));

  describe('values', () => {
    it('are seen everywhere until they are deleted', async () => {
      const key = newId();
      expect(await store.get(key)).toBeUndefined();
      await store.set(key, 'first', 60_000);
      await store.set(key, '退货 "second"\n', 60_000);
      expect(await elsewhere.get(key)).toBe('退货 "second"\n');
      await elsewhere.delete(key);
      expect(await store.get(key)).toBeUndefined();
    });

    it('end by themselves', async () => {
      const [short, long] = [newId(), newId()];
      await store.set(short, 'x', 30);
      await store.set(long, 'x', 60_000);
      await eventually(async () => (await store.get(short)) === undefined);
      expect(await store.get(long)).toBe('x');
    });

    it('written again live anew', async () => {
      const key = newId();
      await store.set(key, 'x', 50);
      await store.set(key, 'y', 60_000);
      await pause(80);
      expect(await store.get(key)).toBe('y');
    });

    it('may be empty', async () => {
      const key = newId();
      await store.set(key, '', 60_000);
      expect(await store.get(key)).toBe('');
    });
  });

  describe('a lease', () => {
    it('has one owner', async () => {
      const name = newId();
      const attempts = Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? store : elsewhere).acquireLease(name, 60_000),
      );
      const leases = (await Promise.all(attempts)).filter((lease) => lease !== undefined);
      expect(leases).toHaveLength(1);
    });

    it('is free again after its release', async () => {
      const name = newId();
      const lease = await store.acquireLease(name, 60_000);
      await lease!.release();
      expect(await elsewhere.acquireLease(name, 60_000)).toBeDefined();
    });

    it('gives each owner a larger token, after a release and after an expiry', async () => {
      const name = newId();
      const first = await store.acquireLease(name, 60_000);
      await first!.release();
      const second = await elsewhere.acquireLease(name, 20);
      const third = await take(store, name);
      expect(second!.token).toBeGreaterThan(first!.token);
      expect(third.token).toBeGreaterThan(second!.token);
      expect(Number.isSafeInteger(third.token)).toBe(true);
    });

    it('that ran out is neither renewed nor released by its former owner', async () => {
      const name = newId();
      const zombie = await store.acquireLease(name, 20);
      const owner = await take(elsewhere, name);
      expect(await zombie!.renew(60_000)).toBe(false);
      await zombie!.release();
      expect(await owner.renew(60_000)).toBe(true);
      expect(await store.acquireLease(name, 60_000)).toBeUndefined();
    });

    it('that ran out is not renewed even when nobody took it', async () => {
      const name = newId();
      const zombie = await store.acquireLease(name, 20);
      await pause(60);
      expect(await zombie!.renew(60_000)).toBe(false);
      expect(await store.acquireLease(name, 60_000)).toBeDefined();
    });

    it('is held on by renewing', async () => {
      const name = newId();
      const lease = await store.acquireLease(name, 100);
      for (let i = 0; i < 5; i++) {
        expect(await lease!.renew(60_000)).toBe(true);
        expect(await elsewhere.acquireLease(name, 60_000)).toBeUndefined();
      }
    });

    it('has nothing to do with a value of the same name', async () => {
      const name = newId();
      await store.set(name, 'x', 60_000);
      expect(await store.acquireLease(name, 60_000)).toBeDefined();
      expect(await store.get(name)).toBe('x');
    });
  });

  describe('a notification', () => {
    it('reaches every subscriber of its channel, and no other', async () => {
      const [channel, other] = [newId(), newId()];
      const heard: string[] = [];
      await store.subscribe(channel, (payload) => heard.push(`here ${payload}`));
      await elsewhere.subscribe(channel, (payload) => heard.push(`there ${payload}`));
      await store.subscribe(other, (payload) => heard.push(`other ${payload}`));
      await elsewhere.notify(channel, 'né 你好');
      await eventually(async () => heard.length >= 2);
      await pause(20);
      expect(heard.sort()).toEqual(['here né 你好', 'there né 你好']);
    });

    it('is heard until the subscription ends', async () => {
      const channel = newId();
      const heard: string[] = [];
      const end = await store.subscribe(channel, (payload) => heard.push(`ended ${payload}`));
      await store.subscribe(channel, (payload) => heard.push(payload));
      await end();
      await end();
      await elsewhere.notify(channel, 'hello');
      await eventually(async () => heard.length > 0);
      expect(heard).toEqual(['hello']);
    });

    it('reaches the other listeners when one throws', async () => {
      const channel = newId();
      const heard: string[] = [];
      await store.subscribe(channel, () => {
        throw new Error('a listener failed');
      });
      await store.subscribe(channel, (payload) => heard.push(payload));
      await store.notify(channel, 'hello');
      await eventually(async () => heard.length > 0);
      expect(heard).toEqual(['hello']);
    });
  });

  describe('a limit', () => {
    const limit = (points: number, windowMs = 60_000): RateLimit => ({ name: newId(), points, windowMs });

    it('allows exactly its points, wherever they are taken', async () => {
      const five = limit(5);
      const takes = Array.from({ length: 30 }, (_, i) => (i % 2 ? store : elsewhere).consume(five, 'key'));
      const allowed = (await Promise.all(takes)).filter((decision) => decision.allowed);
      expect(allowed.map((decision) => decision.remaining).sort()).toEqual([0, 1, 2, 3, 4]);
    });

    it('says what is left and until when', async () => {
      const ten = limit(10);
      const decision = await store.consume(ten, 'key', 4);
      expect(decision).toMatchObject({ allowed: true, limit: 10, remaining: 6, local: false });
      expect(decision.resetMs).toBeGreaterThan(0);
      expect(decision.resetMs).toBeLessThanOrEqual(60_000);
    });

    it('takes nothing for what it refuses', async () => {
      const ten = limit(10);
      await store.consume(ten, 'key', 7);
      expect(await store.consume(ten, 'key', 4)).toMatchObject({ allowed: false, remaining: 3 });
      expect(await store.consume(ten, 'key', 3)).toMatchObject({ allowed: true, remaining: 0 });
      expect(await store.consume(ten, 'key')).toMatchObject({ allowed: false, remaining: 0 });
    });

    it('counts each key and each limit apart', async () => {
      const [one, other] = [limit(1), limit(1)];
      await store.consume(one, 'a');
      expect(await store.consume(one, 'a')).toMatchObject({ allowed: false });
      expect(await store.consume(one, 'b')).toMatchObject({ allowed: true });
      expect(await store.consume(other, 'a')).toMatchObject({ allowed: true });
    });

    it('starts anew with the next window, also with one shorter than a second', async () => {
      const short = limit(1, 40);
      await store.consume(short, 'key');
      await eventually(async () => (await store.consume(short, 'key')).allowed);
    });

    it('of no points allows nothing', async () => {
      expect(await store.consume(limit(0), 'key')).toMatchObject({ allowed: false, remaining: 0 });
    });
  });

  it('answers a ping', async () => {
    expect(await store.ping()).toBe(true);
  });
}

/** The lease, as soon as its present owner's has run out. */
async function take(store: KeyValue, name: string): Promise<Lease> {
  let lease: Lease | undefined;
  await eventually(async () => (lease = await store.acquireLease(name, 60_000)) !== undefined);
  return lease!;
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries === 1_000) throw new Error('It did not come about.');
    await pause(5);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
