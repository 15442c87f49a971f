import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId, runInContext } from '@frontdesk/core';
import { contractMigrations, databaseContract } from './database.contract.js';
import type { Database, Transaction } from './database.js';
import { openDatabase } from './open-database.js';

const open = (url: string, service = 'contract') =>
  openDatabase({ url, service, migrations: contractMigrations });

const as = <T>(database: Database, tenantId: string, work: (tx: Transaction) => Promise<T>) =>
  runInContext({ requestId: newId(), tenantId }, () => database.transaction(work));

const put = (database: Database, id: string) =>
  as(database, 't', (tx) => tx.query("INSERT INTO notes (id, body) VALUES ($1, 'x')", [id]));

const ids = async (database: Database) =>
  (await as(database, 't', (tx) => tx.query<{ id: string }>('SELECT id FROM notes'))).map((row) => row.id);

describe('PGlite in memory', () => {
  let database: Database;
  beforeAll(async () => {
    database = await open('pglite:memory');
  });
  afterAll(() => database.close());

  databaseContract(() => database);

  it('has pgvector', async () => {
    const other = await openDatabase({
      url: 'pglite:memory',
      service: 'vectors',
      migrations: [new URL('../test/vector-migrations/', import.meta.url)],
    });
    const near = await as(other, 't', (tx) =>
      tx.query("SELECT '[1,0]'::vector <-> '[0,1]'::vector AS distance"),
    );
    expect(near).toEqual([{ distance: Math.SQRT2 }]);
    await other.close();
  });
});

describe('PGlite in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'frontdesk-pglite-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const holders = () => readdirSync(folder).filter((name) => name.startsWith('lock-'));
  const childPid = () => Number(holders()[0]!.split('-')[1]);

  it('keeps its rows, and leaves no lock behind', async () => {
    const first = await open(`pglite:${folder}`);
    await put(first, 'kept');
    await first.close();
    expect(holders()).toEqual([]);
    const second = await open(`pglite:${folder}`);
    expect(await ids(second)).toEqual(['kept']);
    await second.close();
  });

  it('is shared by the services of one process until the last has closed it', async () => {
    const [one, other] = await Promise.all([open(`pglite:${folder}`), open(`pglite:${folder}`, 'another')]);
    expect(holders()).toHaveLength(1);
    await put(one, 'a');
    expect(await ids(other)).toEqual([]);
    await one.close();
    await put(other, 'b');
    await other.close();
    expect(holders()).toEqual([]);
  });

  it('is not blocked for good by a service that waits for another within a transaction', async () => {
    const [one, other] = await Promise.all([open(`pglite:${folder}`), open(`pglite:${folder}`, 'another')]);
    await as(one, 't', async (tx) => {
      await tx.query("INSERT INTO notes (id, body) VALUES ('a', 'x')");
      const waiting = runInContext({ requestId: newId(), deadline: Date.now() + 200 }, () => other.ping());
      await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    });
    expect(await ids(one)).toEqual(['a']);
    await put(other, 'b');
    await Promise.all([one.close(), other.close()]);
  });

  it('survives kill -9: no acknowledged row is lost, and the next transactions succeed', async () => {
    const database = await open(`pglite:${folder}`);
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    let stop = false;
    const traffic = (async () => {
      for (let i = 0; !stop; i++) {
        await put(database, `n${i}`).then(
          () => acknowledged.push(`n${i}`),
          (error: unknown) => failures.push(error),
        );
      }
    })();
    try {
      for (let round = 1; round <= 3; round++) {
        await eventually(() => acknowledged.length > 20 * round);
        process.kill(childPid(), 'SIGKILL');
        const before = acknowledged.length;
        await eventually(() => acknowledged.length > before + 5);
      }
    } finally {
      stop = true;
      await traffic;
    }
    const kept = new Set(await ids(database));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(failures.length).toBeGreaterThan(0);
    for (const error of failures) expect(error).toMatchObject({ code: 'unavailable' });
    await database.close();
  });

  it('is refused to a second process, with the id of the first', async () => {
    const database = await open(`pglite:${folder}`);
    const second = startChild(folder);
    const [message] = await once(second, 'message');
    expect(message).toEqual({ failed: expect.stringContaining(`in use by process ${process.pid}`) });
    await once(second, 'exit');
    await put(database, 'still fine');
    await database.close();
  });

  it('is given up when the process which uses it is killed', async () => {
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(childModule)}, [${JSON.stringify(join(folder, 'socket'))}, ${JSON.stringify(folder)}], { execArgv: [] });
       child.once('message', () => console.log('ready'));`,
    ]);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    const database = await open(`pglite:${folder}`);
    await put(database, 'taken over');
    await database.close();
  });

  it('that cannot be made is said so', async () => {
    const impossible = open(`pglite:/dev/null/folder`);
    await expect(impossible).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('/dev/null/folder'),
    });
  });
});

const childModule = fileURLToPath(new URL('./embedded-postgres-process.ts', import.meta.url));

function startChild(folder: string): ChildProcess {
  return fork(childModule, [join(folder, 'socket'), folder], { execArgv: [] });
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries === 2_000) throw new Error('It did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
