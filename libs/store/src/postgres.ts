/**
 * Transactions on a PostgreSQL server, bound to a tenant by the server itself.
 *
 * Promises: a transaction sees its tenant's rows and no others even when the SQL forgets to filter; it ends by the
 * request's deadline; what was acknowledged was committed. Hides the pool, the roles, row-level security and the
 * server's error codes. Never call another service inside a transaction: it holds a connection, and on the embedded
 * server it holds the only session there is.
 */
import { Pool, escapeIdentifier, escapeLiteral, types } from 'pg';
import type { PoolClient, PoolConfig, QueryConfig, QueryResult } from 'pg';
import { AppError, remainingMs, requireTenant } from '@frontdesk/core';
import { Database, type Transaction } from './database.js';
import { Deadline } from './deadline.js';
import { runGuarded } from './guarded.js';
import { fromPostgres, isStalePlan } from './postgres-errors.js';

/** No transaction lasts longer, whatever its request's deadline. */
const LONGEST_TRANSACTION_MS = 10_000;
/** How long a transaction waits for a free connection, or a new one, before it is turned away. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Statements that are prepared, so that texts made up at run time cannot fill the server's memory. */
const PREPARED_STATEMENTS = 500;
const INT8 = 20;

type Role = 'frontdesk_app' | 'frontdesk_system';

export interface PostgresServer {
  /** Where it listens, as `pg` wants it. */
  readonly connection: PoolConfig;
  readonly poolSize: number;
  /** Whether each connection has a session of its own, which may keep prepared statements. */
  readonly ownSessions: boolean;
  /** Resolves while the server is up; waits while it starts anew. */
  ready(): Promise<void>;
  release(): Promise<void>;
}

export class PostgresDatabase extends Database {
  private readonly pool: Pool;
  private readonly statements: StatementNames | undefined;
  private closing?: Promise<void>;

  /** `service` is the schema in which unqualified names are resolved. */
  constructor(
    private readonly server: PostgresServer,
    private readonly service: string,
  ) {
    super();
    this.pool = openPool(server, service);
    if (server.ownSessions) this.statements = new StatementNames();
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.run('frontdesk_app', requireTenant(), work);
  }

  async system<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.run('frontdesk_system', undefined, work);
  }

  async ping(): Promise<void> {
    try {
      await this.system((tx) => tx.query('SELECT 1'));
    } catch (error) {
      throw new AppError('unavailable', 'The database does not answer.', { cause: error });
    }
  }

  close(): Promise<void> {
    this.closing ??= this.pool.end().then(() => this.server.release());
    return this.closing;
  }

  private async run<T>(
    role: Role,
    tenantId: string | undefined,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(remainingMs(LONGEST_TRANSACTION_MS));
    try {
      const client = await this.checkOut(deadline);
      const tx = new PostgresTransaction(client, deadline, tenantId, this.statements);
      try {
        const begin = prelude(this.service, role, tenantId, deadline.leftMs());
        const result = await deadline.bound(tx.perform(begin, work));
        client.release();
        tx.committed();
        return result;
      } catch (error) {
        client.release(!tx.clean);
        throw error;
      }
    } finally {
      deadline.clear();
    }
  }

  private async checkOut(deadline: Deadline): Promise<PoolClient> {
    deadline.check();
    const connecting = this.server.ready().then(() => this.pool.connect());
    try {
      return await deadline.bound(connecting);
    } catch (error) {
      connecting.then(
        (late) => late.release(),
        () => {},
      );
      throw fromPostgres(error);
    }
  }
}

class PostgresTransaction implements Transaction {
  /** Nothing of the transaction is on its connection, which may serve another. */
  clean = true;
  private over = false;
  private failure?: AppError;
  private lastSent: Promise<unknown> = Promise.resolve();
  private readonly actions: (() => void)[] = [];

  constructor(
    private readonly client: PoolClient,
    private readonly deadline: Deadline,
    readonly tenantId: string | undefined,
    private readonly statements: StatementNames | undefined,
  ) {}

  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    if (this.over) throw new AppError('internal', 'A statement came after its transaction: await it.');
    // The extended protocol takes exactly one statement, so that no text can smuggle in a second one.
    const query: ExtendedQuery = { text: sql, values: [...parameters], queryMode: 'extended' };
    const name = this.statements?.nameOf(sql);
    return (await this.send(name ? { ...query, name } : query)).rows as Row[];
  }

  afterCommit(action: () => void): void {
    this.actions.push(action);
  }

  async perform<T>(begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.clean = false;
    try {
      await this.send(begin);
      const result = await work(this);
      this.over = true;
      await this.send('COMMIT');
      return result;
    } catch (error) {
      this.over = true;
      await this.lastSent;
      await this.client.query('ROLLBACK').then(
        () => (this.clean = !isStalePlan(this.failure)),
        () => {},
      );
      throw error;
    }
  }

  committed(): void {
    for (const action of this.actions) runGuarded(action);
  }

  /** One statement at a time; after a failed one, or the deadline, nothing but the roll-back is sent. */
  private send(query: string | ExtendedQuery): Promise<QueryResult> {
    const sent = this.lastSent.then(async () => {
      if (this.failure) throw this.failure;
      try {
        this.deadline.check();
        return await this.client.query(query);
      } catch (error) {
        throw (this.failure = fromPostgres(error));
      }
    });
    this.lastSent = sent.catch(() => {});
    return sent;
  }
}

/** A statement with a name is parsed and planned once per connection. Texts beyond the first many have none. */
class StatementNames {
  private readonly names = new Map<string, string>();

  nameOf(sql: string): string | undefined {
    if (!this.names.has(sql) && this.names.size < PREPARED_STATEMENTS)
      this.names.set(sql, `s${this.names.size}`);
    return this.names.get(sql);
  }
}

/** `queryMode` is missing from the published types of pg 8. */
interface ExtendedQuery extends QueryConfig {
  readonly queryMode: 'extended';
}

/** Everything that binds a transaction, as one round trip; nothing of it outlives the transaction. */
function prelude(service: string, role: Role, tenantId: string | undefined, timeoutMs: number): string {
  if (tenantId !== undefined && (tenantId.includes('\0') || !tenantId.isWellFormed())) {
    throw new AppError('invalid_argument', 'The tenant id has characters that cannot be stored.');
  }
  return [
    'BEGIN',
    `SET LOCAL search_path = ${escapeIdentifier(service)}, frontdesk, public`,
    `SET LOCAL statement_timeout = ${timeoutMs}`,
    `SET LOCAL frontdesk.tenant = ${escapeLiteral(tenantId ?? '')}`,
    `SET LOCAL ROLE ${role}`,
  ].join(';');
}

function openPool(server: PostgresServer, service: string): Pool {
  const pool = new Pool({
    ...server.connection,
    application_name: `frontdesk ${service}`,
    max: server.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that dies is reported by the statement it failed; unheard 'error' events would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** As pg does, but int8 (sequence numbers, counts) as a number. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : types.getTypeParser(oid, format as 'text');
}
