import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';
import { openDatabase } from './open-database.js';

const table = (name: string) =>
  `CREATE TABLE ${name} (tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(), id text, PRIMARY KEY (tenant_id, id));
   SELECT frontdesk.tenant_table('${name}');`;

describeWith('postgres', 'migrations', ({ POSTGRES_SUPERUSER_URL }) => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'frontdesk-migrations-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Writes files into a folder, and gives the folder as openDatabase wants it. */
  const folder = (files: Record<string, string>, name = 'migrations'): URL => {
    mkdirSync(join(root, name), { recursive: true });
    for (const [file, sql] of Object.entries(files)) writeFileSync(join(root, name, file), sql);
    return pathToFileURL(`${join(root, name)}/`);
  };
  const migrate = async (url: string, migrations: URL[], service = 'shop') => {
    const database = await openDatabase({ url, service, migrations });
    await database.close();
  };

  it('are applied once, in order of folders and names', async () => {
    await using database = await freshDatabase();
    const events = folder({ '001-outbox.sql': table('outbox') }, 'events');
    const own = folder({ '010-b.sql': 'ALTER TABLE a RENAME TO b;', '002-a.sql': table('a') });
    await migrate(database.url, [events, own]);
    folder({ '011-c.sql': 'ALTER TABLE b RENAME TO c;' });
    await migrate(database.url, [events, own]);
    const applied = await rows(database.url, 'SELECT name FROM shop.migrations ORDER BY applied_at');
    expect(applied).toEqual(
      ['001-outbox.sql', '002-a.sql', '010-b.sql', '011-c.sql'].map((name) => ({ name })),
    );
  });

  it('work with a folder named without its final slash', async () => {
    await using database = await freshDatabase();
    const own = folder({ '001-a.sql': table('a') });
    await migrate(database.url, [new URL(own.href.slice(0, -1))]);
    expect(await rows(database.url, 'SELECT name FROM shop.migrations')).toHaveLength(1);
  });

  it('changed after they were applied are refused', async () => {
    await using database = await freshDatabase();
    const own = folder({ '001-a.sql': table('a') });
    await migrate(database.url, [own]);
    folder({ '001-a.sql': table('b') });
    await expect(migrate(database.url, [own])).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(/001-a\.sql of shop was changed/),
    });
  });

  it('are whole or not there, and say what failed', async () => {
    await using database = await freshDatabase();
    const own = folder({ '001-a.sql': `${table('a')} SELECT 1 / 0;` });
    await expect(migrate(database.url, [own])).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(/001-a\.sql of shop failed: division by zero/),
    });
    folder({ '001-a.sql': table('a') });
    await migrate(database.url, [own]);
  });

  it('of one name in two folders are refused', async () => {
    await using database = await freshDatabase();
    const folders = [folder({ '001-a.sql': table('a') }, 'one'), folder({ '001-a.sql': table('b') }, 'two')];
    await expect(migrate(database.url, folders)).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('of five services, each started twice at once, on an empty database', async () => {
    await using database = await freshDatabase();
    const own = folder({ '001-a.sql': table('a'), '002-b.sql': table('b') });
    const services = ['gateway', 'dialogue', 'knowledge', 'llm', 'handoff'];
    await Promise.all([...services, ...services].map((service) => migrate(database.url, [own], service)));
    for (const service of services) {
      expect(await rows(database.url, `SELECT name FROM ${service}.migrations`)).toHaveLength(2);
    }
  });

  it('bring up two empty databases of one server at once, which share their roles', async () => {
    await using one = await freshDatabase();
    await using other = await freshDatabase();
    const own = folder({ '001-a.sql': table('a') });
    await Promise.all([one, other, one, other].map(({ url }) => migrate(url, [own])));
  });

  it('need no rights of a superuser, and say what an administrator must do without CREATEROLE', async () => {
    await using database = await freshDatabase();
    const [login, name] = [`plain_${Date.now()}`, new URL(database.url).pathname.slice(1)];
    await rows(POSTGRES_SUPERUSER_URL, `CREATE ROLE ${login} LOGIN PASSWORD 'x'`);
    await rows(POSTGRES_SUPERUSER_URL, `GRANT CREATE ON DATABASE ${name} TO ${login}`);
    const url = new URL(database.url);
    [url.username, url.password] = [login, 'x'];
    const own = folder({ '001-a.sql': table('a') });
    try {
      const refused = await migrate(url.href, [own]).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'failed_precondition',
        message: expect.stringContaining(`GRANT frontdesk_app, frontdesk_system TO "${login}"`),
      });
      await rows(POSTGRES_SUPERUSER_URL, `GRANT frontdesk_app, frontdesk_system TO ${login}`);
      await migrate(url.href, [own]);
    } finally {
      await database.drop();
      await rows(POSTGRES_SUPERUSER_URL, `DROP ROLE ${login}`);
    }
  });
});

async function rows(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as object[];
  } finally {
    await client.end();
  }
}
