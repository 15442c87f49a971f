import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { newId, runInContext, type RequestContext } from '@frontdesk/core';
import { describeWith } from '@frontdesk/testing/servers';
import { freePort, startPostgres } from '../../../infra/local/servers/servers.js';
import { contractMigrations } from './database.contract.js';
import type { Database, Transaction } from './database.js';
import { openDatabase } from './open-database.js';

describeWith('postgres', 'a PostgreSQL of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-postgres-'));
  let port: number;
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;

  beforeAll(async () => {
    port = await freePort();
    server = await startPostgres(folder, port);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const as = <T>(work: (tx: Transaction) => Promise<T>, context: Partial<RequestContext> = {}) =>
    runInContext({ requestId: newId(), tenantId: 't', ...context }, () => database.transaction(work));
  const put = (id: string) => as((tx) => tx.query("INSERT INTO notes (id, body) VALUES ($1, 'x')", [id]));

  it('gets its roles from starts on two databases at once', async () => {
    const second = new URL(server.url);
    second.pathname = '/second';
    const superuser = new URL(server.url);
    [superuser.username, superuser.pathname] = ['postgres', '/postgres'];
    const client = new Client({ connectionString: superuser.href });
    await client.connect();
    await client.query('CREATE DATABASE second OWNER frontdesk');
    await client.end();
    const opened = await Promise.all(
      [server.url, second.href, server.url, second.href].map((url) =>
        openDatabase({ url, service: 'contract', migrations: contractMigrations }),
      ),
    );
    await Promise.all(opened.map((each) => each.ping()));
    database = opened[0]!;
    await Promise.all(opened.slice(1).map((each) => each.close()));
  });

  it('killed in the middle of traffic keeps what was acknowledged, and is found again', async () => {
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    let stop = false;
    const client = async (name: number) => {
      for (let i = 0; !stop; i++) {
        const id = `${name}-${i}`;
        await put(id).then(
          () => acknowledged.push(id),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const clients = [1, 2, 3, 4].map(client);
    try {
      await eventually(() => acknowledged.length > 100);
      await server.kill();
      await eventually(() => failures.length > 4);
      server = await startPostgres(folder, port);
      const before = acknowledged.length;
      await eventually(() => acknowledged.length > before + 100);
    } finally {
      stop = true;
      await Promise.all(clients);
    }
    for (const error of failures) expect(error).toMatchObject({ code: 'unavailable' });
    const rows = await as((tx) => tx.query<{ id: string }>('SELECT id FROM notes'));
    const kept = new Set(rows.map((row) => row.id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });

  it('that stops answering delays nobody beyond the deadline', async () => {
    server.pause();
    const calls = Array.from({ length: 20 }, () =>
      as((tx) => tx.query('SELECT 1'), { deadline: Date.now() + 200 }).catch((error: unknown) => error),
    );
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'deadline_exceeded' });
    server.resume();
    await put(newId());
  });
});

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries === 1_000) throw new Error('It did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
