import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@frontdesk/testing/servers';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { findRunning } from './process.ts';
import { freePort, startPostgres, startRedis, type RunningServer } from './servers.ts';

const freshDir = (): string => mkdtempSync(join(tmpdir(), 'frontdesk-servers-'));
const dir = freshDir();
const postgresDir = freshDir();
const started: RunningServer[] = [];
const keep = async (starting: Promise<RunningServer>): Promise<RunningServer> => {
  const server = await starting;
  started.push(server);
  return server;
};

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
  for (const place of [dir, postgresDir]) rmSync(place, { recursive: true });
});

describeWith('redis', 'a private Redis', () => {
  it('has what it confirmed after a power cut and a new start in the same place', async () => {
    const [place, port] = [join(dir, 'redis'), await freePort()];
    const first = await keep(startRedis(place, port));
    await ask(first, (redis) => redis.set('turn', '7'));
    await first.kill();
    expect(findRunning(place)).toBeUndefined();
    await expect(ask(first, (redis) => redis.ping())).rejects.toThrow();

    const second = await keep(startRedis(place, port));
    expect(second.url).toBe(first.url);
    expect(await ask(second, (redis) => redis.get('turn'))).toBe('7');
    expect(findRunning(place)?.pid).toBe(second.pid);
  });

  it('answers nobody while it is paused, and goes on afterwards', async () => {
    const server = await keep(startRedis(join(dir, 'paused'), await freePort()));
    server.pause();
    await expect(ask(server, (redis) => redis.ping())).rejects.toThrow(/timed out/);
    server.resume();
    expect(await ask(server, (redis) => redis.ping())).toBe('PONG');
  });

  async function ask<T>(server: RunningServer, question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(server.url, { commandTimeout: 500, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }
});

describeWith('postgres', 'a private PostgreSQL', () => {
  it('has what it committed after a power cut with a client connected', async () => {
    const port = await freePort();
    const first = await keep(startPostgres(postgresDir, port));
    const client = new Client({ connectionString: first.url });
    client.on('error', () => {});
    await client.connect();
    await client.query('CREATE TABLE turns AS SELECT 7 AS seq');
    await first.kill();

    const second = await keep(startPostgres(postgresDir, port));
    const reader = new Client({ connectionString: second.url });
    await reader.connect();
    expect((await reader.query('SELECT seq FROM turns')).rows).toEqual([{ seq: 7 }]);
    await reader.end();
  }, 60_000);
});

it('takes no stranger with a reused process id for its server', () => {
  const record = { url: 'redis://127.0.0.1:1', pid: process.pid, born: 'long ago', stopSignal: 'SIGTERM' };
  writeFileSync(join(dir, 'process.json'), JSON.stringify(record));
  expect(findRunning(dir)).toBeUndefined();
});
