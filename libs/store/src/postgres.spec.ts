import { Client } from 'pg';
import { newId, runInContext, type RequestContext } from '@frontdesk/core';
import { describeWith, freshDatabase, type FreshDatabase } from '@frontdesk/testing/servers';
import { contractMigrations, databaseContract } from './database.contract.js';
import type { Database, Transaction } from './database.js';
import { openDatabase } from './open-database.js';

describeWith('postgres', 'PostgreSQL', ({ POSTGRES_SUPERUSER_URL }) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await open(3);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  const open = (poolSize: number) =>
    openDatabase({ url: fresh.url, service: 'contract', migrations: contractMigrations, poolSize });
  const as = <T>(
    tenantId: string,
    work: (tx: Transaction) => Promise<T>,
    context: Partial<RequestContext> = {},
  ) => runInContext({ requestId: newId(), tenantId, ...context }, () => database.transaction(work));

  databaseContract(() => database);

  it('skips rows which another worker has locked', async () => {
    const batch = newId();
    await as('t', (tx) => tx.query('INSERT INTO jobs (batch) SELECT $1 FROM generate_series(1, 2)', [batch]));
    const claim = 'SELECT id FROM jobs WHERE batch = $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED';
    const [first, second] = await database.system(async (one) => [
      await one.query(claim, [batch]),
      await database.system((other) => other.query(claim, [batch])),
    ]);
    expect(first).toHaveLength(1);
    expect(second).toHaveLength(1);
    expect(first).not.toEqual(second);
  });

  it('binds a transaction to a role that is neither superuser nor owner and cannot bypass policies', async () => {
    const [role] = await as('t', (tx) =>
      tx.query(`SELECT rolname, rolsuper, rolbypassrls, relowner = pg_roles.oid AS owner
        FROM pg_roles, pg_class WHERE rolname = current_user AND pg_class.oid = 'notes'::regclass`),
    );
    expect(role).toEqual({ rolname: 'frontdesk_app', rolsuper: false, rolbypassrls: false, owner: false });
  });

  it('binds the owner of the tables too, who migrates them', async () => {
    await as('t', (tx) => tx.query('INSERT INTO notes (id, body) VALUES ($1, $1)', [newId()]));
    expect(await asOwner('SELECT * FROM contract.notes')).toEqual([]);
  });

  it('leaves nothing of a transaction on its connection', async () => {
    const single = await open(1);
    await runInContext({ requestId: newId(), tenantId: 't' }, () =>
      single.transaction((tx) => tx.query('SELECT 1')),
    );
    const state = `SELECT current_user AS role, current_setting('frontdesk.tenant') AS tenant`;
    expect(await single.system((tx) => tx.query(state))).toEqual([{ role: 'frontdesk_system', tenant: '' }]);
    await single.close();
  });

  it('turns transactions away when the pool stays busy past their deadline, and recovers', async () => {
    const busy = Array.from({ length: 3 }, () => as('t', (tx) => tx.query('SELECT pg_sleep(0.6)')));
    const late = as('t', (tx) => tx.query('SELECT 1'), { deadline: Date.now() + 100 });
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await Promise.all(busy);
    await Promise.all(Array.from({ length: 9 }, () => as('t', (tx) => tx.query('SELECT 1'))));
  });

  it('reports a lost connection as unavailable, idle, in a statement and in a commit, and goes on', async () => {
    const tenant = newId();
    const inStatement = as(tenant, async (tx) => {
      await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
      await Promise.all([tx.query('SELECT pg_sleep(5)'), terminateAll()]);
    });
    await expect(inStatement).rejects.toMatchObject({ code: 'unavailable' });

    const beforeCommit = as(tenant, async (tx) => {
      await tx.query("INSERT INTO notes (id, body) VALUES ('b', 'x')");
      await terminateAll();
    });
    await expect(beforeCommit).rejects.toMatchObject({ code: 'unavailable' });

    await Promise.all([1, 2, 3].map(() => as(tenant, (tx) => tx.query('SELECT 1'))));
    await terminateAll();
    await eventually(async () => {
      expect(await as(tenant, (tx) => tx.query('SELECT id FROM notes'))).toEqual([]);
    });
  });

  it('reports a commit which the server refuses', async () => {
    let told = false;
    const refused = as('t', async (tx) => {
      tx.afterCommit(() => (told = true));
      await tx.query('INSERT INTO pairs (id, other) VALUES ($1, $2)', [newId(), newId()]);
    });
    await expect(refused).rejects.toMatchObject({ code: 'failed_precondition', cause: { code: '23503' } });
    expect(told).toBe(false);
  });

  it('goes on after a table got another column, which spoils prepared statements', async () => {
    const single = await open(1);
    const read = () => single.system((tx) => tx.query('SELECT * FROM credentials'));
    await read();
    await asOwner('ALTER TABLE contract.credentials ADD COLUMN note text');
    await expect(read()).rejects.toMatchObject({ code: 'aborted' });
    await expect(read()).resolves.toBeInstanceOf(Array);
    await single.close();
  });

  it('is unavailable where nobody listens', async () => {
    const nobody = openDatabase({ url: 'postgres://a:b@127.0.0.1:1/x', service: 'contract', migrations: [] });
    await expect(nobody).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is unavailable after its close', async () => {
    const closed = await open(1);
    await closed.close();
    await closed.close();
    await expect(closed.ping()).rejects.toMatchObject({ code: 'unavailable' });
  });

  async function asOwner(sql: string): Promise<object[]> {
    const client = new Client({ connectionString: fresh.url });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  }

  async function terminateAll(): Promise<void> {
    const client = new Client({ connectionString: POSTGRES_SUPERUSER_URL });
    await client.connect();
    const name = new URL(fresh.url).pathname.slice(1);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await client.end();
  }
});

/** A few connections may have to be found dead first. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const error = await check().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await check();
}
