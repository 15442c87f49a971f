/**
 * The real servers a test runs against, where there are any.
 *
 * Promises: a test that needs a missing server is skipped aloud on a developer's machine and fails
 * where `CI=true`; every test file can have a database and a key space of its own. Addresses come from
 * the environment, else from the `env.json` which `infra/local/servers` leaves behind.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeUnless } from './describe-unless.js';

export type ServerName = 'postgres' | 'redis' | 'kafka';

export interface Servers {
  /** An application role which is no superuser, and owns the database. */
  readonly DATABASE_URL?: string;
  readonly POSTGRES_SUPERUSER_URL?: string;
  readonly REDIS_URL?: string;
  /** `host:port`, comma separated. */
  readonly KAFKA_BROKERS?: string;
}

export interface FreshDatabase extends AsyncDisposable {
  /** Connects as the application role, the owner of this database. */
  readonly url: string;
  /** Deletes the database, whoever is still connected. */
  drop(): Promise<void>;
}

const NEEDS = {
  postgres: { title: 'PostgreSQL', variables: ['DATABASE_URL', 'POSTGRES_SUPERUSER_URL'] },
  redis: { title: 'Redis', variables: ['REDIS_URL'] },
  kafka: { title: 'Kafka', variables: ['KAFKA_BROKERS'] },
} as const satisfies Record<ServerName, { title: string; variables: readonly (keyof Servers)[] }>;

const SERVER_NAMES = Object.keys(NEEDS) as ServerName[];
type AddressesOf<Name extends ServerName> = Readonly<
  Record<(typeof NEEDS)[Name]['variables'][number], string>
>;

const SERVERS_DIR = process.env['FRONTDESK_SERVERS_DIR'] ?? join(import.meta.dirname, '../../../.servers');
const HOW_TO_GET_THEM = 'start it with "make test", or with "node infra/local/servers/servers.ts up"';

/** The addresses known here; a server which is not there has none. */
export function servers(): Servers {
  const recorded = readJson<Servers>('env.json') ?? {};
  const addresses = SERVER_NAMES.flatMap((server) => {
    const gone = hasDied(server);
    return NEEDS[server].variables.map((name) => [
      name,
      process.env[name] ?? (gone ? undefined : recorded[name]),
    ]);
  });
  return Object.fromEntries(addresses) as Servers;
}

/** A `describe` whose tests need real servers; `body` gets their addresses. */
export function describeWith<Name extends ServerName>(
  needs: Name | readonly Name[],
  name: string,
  body: (addresses: AddressesOf<Name>) => void,
): void {
  const known: Servers = servers();
  const missing = [needs]
    .flat()
    .filter((server) => NEEDS[server].variables.some((variable) => !known[variable]));
  const reason = missing.length > 0 ? `no ${missing.map((server) => NEEDS[server].title).join(', no ')}` : '';
  describeUnless(reason, HOW_TO_GET_THEM, name, () => body(known as AddressesOf<Name>));
}

/** A new empty database with the extension `vector`, for one test file. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { DATABASE_URL, POSTGRES_SUPERUSER_URL } = servers();
  if (!DATABASE_URL || !POSTGRES_SUPERUSER_URL)
    throw new Error(`There is no PostgreSQL here: ${HOW_TO_GET_THEM}.`);
  const name = `frontdesk_t_${randomBytes(6).toString('hex')}`;
  const owner = new URL(DATABASE_URL).username;
  await runSql(POSTGRES_SUPERUSER_URL, `CREATE DATABASE ${name} OWNER ${owner}`);
  await runSql(onDatabase(POSTGRES_SUPERUSER_URL, name), 'CREATE EXTENSION IF NOT EXISTS vector');
  const drop = (): Promise<void> =>
    runSql(POSTGRES_SUPERUSER_URL, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  return { url: onDatabase(DATABASE_URL, name), drop, [Symbol.asyncDispose]: drop };
}

/** A prefix for Redis keys and channels, or for Kafka topics and groups, which no other test has. */
export const freshPrefix = (): string => `t-${randomBytes(6).toString('hex')}-`;

/** A machine which restarted leaves records of servers which are no longer there. */
function hasDied(server: ServerName): boolean {
  const record = readJson<{ pid: number }>(join(server, 'process.json'));
  if (!record) return false;
  try {
    process.kill(record.pid, 0);
    return false;
  } catch {
    return true;
  }
}

function readJson<T>(name: string): T | undefined {
  const file = join(SERVERS_DIR, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

async function runSql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function onDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
