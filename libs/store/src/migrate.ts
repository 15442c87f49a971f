/**
 * Brings one service's schema up to date: `NNN-name.sql` files, each applied once, in one transaction of its own.
 *
 * Promises: any number of processes may start at once, on an empty database too; a crash leaves whole migrations; a
 * file changed after it was applied is refused. The login needs CREATEROLE once (or an administrator who creates the
 * two roles and grants them to it), and CREATE on the database; it needs no superuser.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, escapeIdentifier, type ClientConfig } from 'pg';
import { AppError } from '@frontdesk/core';
import { fromPostgres } from './postgres-errors.js';

/** Functions for the migrations of all others. */
const OWN_MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Taken for the length of each transaction; any number, the same in every release. */
const LOCK = 'SELECT pg_advisory_xact_lock(7305842165)';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Applies what is missing from `folders`, in their order, to the schema named like the service. */
export async function migrate(
  connection: ClientConfig,
  service: string,
  folders: readonly URL[],
): Promise<void> {
  const migrations = await readMigrations(folders);
  const client = new Client({ ...connection, application_name: `frontdesk ${service} migration` });
  client.on('error', () => {});
  try {
    await client.connect();
    await ensureRoles(client);
    await migrateSchema(client, 'frontdesk', await readMigrations([OWN_MIGRATIONS]));
    await migrateSchema(client, service, migrations);
  } catch (error) {
    throw fromPostgres(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Every `.sql` file, sorted by name within its folder. */
async function readMigrations(folders: readonly URL[]): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
    for (const name of names) {
      if (migrations.some((other) => other.name === name)) {
        throw new AppError(
          'failed_precondition',
          `Two migrations are named ${name}: rename the one in ${fileURLToPath(folder)}.`,
        );
      }
      const sql = await readFile(join(fileURLToPath(folder), name), 'utf8');
      migrations.push({ name, sql, sha256: createHash('sha256').update(sql).digest('hex') });
    }
  }
  return migrations;
}

async function migrateSchema(
  client: Client,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const table = `${escapeIdentifier(schema)}.migrations`;
  await inTransaction(client, schema, async () => {
    // From the table: to_regnamespace() may answer from before the wait for the lock.
    const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount) return;
    await client.query(`
      CREATE SCHEMA ${escapeIdentifier(schema)};
      GRANT USAGE ON SCHEMA ${escapeIdentifier(schema)} TO frontdesk_app, frontdesk_system;
      CREATE TABLE ${table} (
        name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      );`);
  });
  for (const migration of migrations) {
    await inTransaction(client, schema, async () => {
      const { rows } = await client.query(`SELECT sha256 FROM ${table} WHERE name = $1`, [migration.name]);
      if (rows.length > 0) return refuseChange(schema, migration, rows[0].sha256);
      await apply(client, schema, migration);
      await client.query(`INSERT INTO ${table} (name, sha256) VALUES ($1, $2)`, [
        migration.name,
        migration.sha256,
      ]);
    });
  }
}

function refuseChange(schema: string, { name, sha256 }: Migration, applied: string): void {
  if (sha256 === applied) return;
  throw new AppError(
    'failed_precondition',
    `Migration ${name} of ${schema} was changed after it was applied: restore it and put the change into a new file.`,
  );
}

async function apply(client: Client, schema: string, { name, sql }: Migration): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('failed_precondition', `Migration ${name} of ${schema} failed: ${reason}.`, {
      cause: error,
    });
  }
}

async function inTransaction(client: Client, schema: string, work: () => Promise<void>): Promise<void> {
  await client.query(
    `BEGIN; SET LOCAL search_path = ${escapeIdentifier(schema)}, frontdesk, public; ${LOCK};`,
  );
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/**
 * Roles belong to the whole server, and the lock to one database: starts on other databases race with this one,
 * which PostgreSQL reports as a duplicate (42710, 23505) or a concurrent update (XX000).
 */
async function ensureRoles(client: Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(client, 'public', () => createRoles(client));
    } catch (error) {
      const state = (error as { code?: string }).code ?? '';
      if (state === '42501') throw mayNotCreateRoles(client, error);
      if (attempt === 10 || !['42710', '23505', 'XX000'].includes(state)) throw error;
    }
  }
}

async function createRoles(client: Client): Promise<void> {
  for (const role of ['frontdesk_app', 'frontdesk_system']) {
    // From PostgreSQL 16 on a creator is a member of the role without the right to SET it.
    await client.query(`
      DO $$ BEGIN
        IF to_regrole('${role}') IS NULL THEN
          CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
        END IF;
        IF NOT pg_has_role('${role}',
          CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
        THEN
          GRANT ${role} TO CURRENT_USER;
        END IF;
      END $$`);
  }
}

function mayNotCreateRoles(client: Client, cause: unknown): AppError {
  const login = escapeIdentifier(client.user ?? '');
  return new AppError(
    'failed_precondition',
    'The database login may not create roles: let an administrator run ' +
      `CREATE ROLE frontdesk_app; CREATE ROLE frontdesk_system; GRANT frontdesk_app, frontdesk_system TO ${login}.`,
    { cause },
  );
}
