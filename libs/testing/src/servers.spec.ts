import { Client } from 'pg';
import { describeWith, freshDatabase, servers } from './servers.js';

describeWith('postgres', 'a fresh database', () => {
  const ask = async (url: string, statement: string): Promise<unknown[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  };

  it('is empty, knows vectors, and belongs to a role without the powers of a superuser', async () => {
    await using database = await freshDatabase();
    const tables = await ask(database.url, `SELECT * FROM pg_tables WHERE schemaname = 'public'`);
    const distance = await ask(database.url, `SELECT '[3,4]'::vector <-> '[0,0]' AS length`);
    const role = await ask(
      database.url,
      'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    );
    expect(tables).toEqual([]);
    expect(distance).toEqual([{ length: 5 }]);
    expect(role).toEqual([{ rolsuper: false, rolbypassrls: false }]);
    await ask(database.url, 'CREATE SCHEMA own');
  });

  it('is gone after its drop, even under an open connection', async () => {
    const database = await freshDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    await database.drop();
    const name = new URL(database.url).pathname.slice(1);
    const superuser = servers().POSTGRES_SUPERUSER_URL as string;
    expect(await ask(superuser, `SELECT FROM pg_database WHERE datname = '${name}'`)).toEqual([]);
  });
});
