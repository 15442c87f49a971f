import type { Database } from './database.js';
import { AppError } from '@frontdesk/core';
import { embeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';
import { PostgresDatabase, type PostgresServer } from './postgres.js';

const DEFAULT_POOL_SIZE = 10;

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`, `pglite:<folder>` or `pglite:memory`. */
  readonly url: string;
  /** Name of the service and of its schema. */
  readonly service: string;
  /** Folders of `NNN-name.sql`, applied in this order, by name within each. */
  readonly migrations: readonly URL[];
  /** Connections of this process to a PostgreSQL server; the embedded one has a single session. */
  readonly poolSize?: number;
}

/** Migrates the service's schema, then opens it. The scheme of the URL picks the adapter. */
export async function openDatabase({
  url,
  service,
  migrations,
  poolSize,
}: DatabaseOptions): Promise<Database> {
  const server = await serverAt(url, poolSize ?? DEFAULT_POOL_SIZE);
  try {
    await migrate(server.connection, service, migrations);
  } catch (error) {
    await server.release();
    throw error;
  }
  return new PostgresDatabase(server, service);
}

async function serverAt(url: string, poolSize: number): Promise<PostgresServer> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    return {
      connection: { connectionString: url },
      poolSize,
      ownSessions: true,
      ready: () => Promise.resolve(),
      release: () => Promise.resolve(),
    };
  }
  const folder = /^pglite:(.+)$/.exec(url)?.[1];
  if (folder) return embeddedPostgres(folder);
  throw new AppError(
    'invalid_argument',
    'The database URL must start with postgres:// or pglite: (pglite:<folder> or pglite:memory).',
  );
}
