import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@frontdesk/core';
import { describeWith } from '@frontdesk/testing/servers';
import { freePort, startRedis } from '../../../infra/local/servers/servers.js';
import { keyValueContract } from './key-value.contract.js';
import type { KeyValue } from './key-value.js';
import { openKeyValue } from './open-key-value.js';

type RedisServer = Awaited<ReturnType<typeof startRedis>>;

describeWith('redis', 'Redis', ({ REDIS_URL }) => {
  keyValueContract(() => openKeyValue(REDIS_URL));
});

describeWith('redis', 'a Redis that fails', () => {
  const limit = { name: 'messages', points: 10, windowMs: 60_000 };
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-redis-'));
  const opened: KeyValue[] = [];
  let port: number;
  let server: RedisServer;

  const start = async () => (server = await startRedis(folder, port));
  const open = async () => {
    const store = await openKeyValue(`redis://127.0.0.1:${port}`);
    opened.push(store);
    return store;
  };

  beforeEach(async () => {
    port = await freePort();
    await start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await server.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const outages: [string, () => unknown, () => unknown][] = [
    ['killed', () => server.kill(), start],
    ['paused', () => server.pause(), () => server.resume()],
  ];
  for (const [outage, begin, end] of outages) {
    it(`${outage}: limits are decided here and other calls say so, both without waiting`, async () => {
      const store = await open();
      const key = newId();
      await store.consume(limit, key);
      await begin();
      const decisions = [await promptly(store.consume(limit, key))];
      // From now on, for a while, without even asking.
      while (decisions.length < 12) decisions.push(await withoutAsking(store.consume(limit, key)));
      expect(decisions.every((decision) => decision.local)).toBe(true);
      expect(decisions.filter((decision) => decision.allowed)).toHaveLength(10);
      expect(await promptly(store.ping())).toBe(false);
      const calls: (() => Promise<unknown>)[] = [
        () => store.get(key),
        () => store.set(key, 'x', 60_000),
        () => store.acquireLease(key, 60_000),
        () => store.notify(key, 'x'),
      ];
      for (const call of calls) await expect(promptly(call())).rejects.toMatchObject({ code: 'unavailable' });
      await end();
    });

    it(`${outage}, and back: everything works as before`, async () => {
      const store = await open();
      const key = newId();
      const heard: string[] = [];
      await store.subscribe('news', (payload) => heard.push(payload));
      const lease = await store.acquireLease(newId(), 60_000);
      await begin();
      await store.consume(limit, key);
      await store.notify('news', 'lost').catch(() => {});
      await end();
      await eventually(async () => !(await store.consume(limit, newId())).local);
      await eventually(() => store.ping());
      expect((await store.acquireLease(newId(), 60_000))!.token).toBeGreaterThan(lease!.token);
      await eventually(async () => {
        await store.notify('news', 'back').catch(() => {});
        return heard.includes('back');
      });
    });
  }

  it('is shared out: each process decides from its part of the limit', async () => {
    const stores = [await open(), await open()];
    // Twice: the first call of a process makes it known to the others.
    for (const store of [...stores, ...stores])
      await eventually(async () => !(await store.consume(limit, newId())).local);
    await server.kill();
    for (const store of stores) {
      const decisions = await Promise.all(Array.from({ length: 10 }, () => store.consume(limit, 'key')));
      expect(decisions.filter((decision) => decision.allowed)).toHaveLength(5);
    }
  });

  it('that forgot everything still gives larger tokens', async () => {
    const store = await open();
    const lease = await store.acquireLease('conversation', 60_000);
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
    await start();
    await eventually(() => store.ping());
    expect((await store.acquireLease('conversation', 60_000))!.token).toBeGreaterThan(lease!.token);
    expect(await lease!.renew(60_000)).toBe(false);
  });

  it('is not needed for a start, and used once it is there', async () => {
    await server.stop();
    const store = await open();
    const heard: string[] = [];
    await promptly(store.subscribe('news', (payload) => heard.push(payload)));
    expect(await store.consume(limit, 'key')).toMatchObject({ allowed: true, local: true });
    await start();
    await eventually(async () => {
      await store.notify('news', 'there').catch(() => {});
      return heard.includes('there');
    });
  });
});

/** Fails when the answer takes so long that it must have waited for Redis to come back. */
async function promptly<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It waited.')), 2_000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Fails unless the answer is there before any input or output could happen. */
async function withoutAsking<T>(answer: Promise<T>): Promise<T> {
  const asked = new Promise<never>((_, reject) => setImmediate(() => reject(new Error('It asked Redis.'))));
  return Promise.race([answer, asked]);
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries === 500) throw new Error('It did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
