/**
 * The truth. One PostgreSQL schema per service, reached through transactions that are bound to a tenant by the
 * database itself (row-level security). Two adapters behind it: a PostgreSQL server (`postgres://…`) and the embedded
 * PGlite child process (`pglite:<folder>`); the code above cannot tell which.
 */

export interface Transaction {
  /**
   * Rows of one statement with `$1…` parameters. Names are resolved in the service's own schema; `bigint` and
   * `count(*)` come as numbers, `jsonb` as objects, `timestamptz` as Date. Throws `already_exists`,
   * `invalid_argument`, `permission_denied`, `failed_precondition`, `aborted` (try again), with the server's error in
   * `cause`. A failed statement fails the transaction, whether its error is caught or not.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;
  /** Runs once, after the commit; never after a rollback. Must not throw. */
  afterCommit(action: () => void): void;
  /** The tenant whose rows are visible; undefined in `system`. */
  readonly tenantId: string | undefined;
}

export abstract class Database {
  /**
   * One transaction which sees and writes only rows of the current context's tenant. Never call another service in
   * it. `unavailable` from the commit means: it may or may not be stored.
   * Throws `unauthenticated` without a tenant, `deadline_exceeded` past the context's deadline, `unavailable` when
   * the server cannot be reached.
   */
  abstract transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * One transaction for work that serves all tenants: the outbox relay, the look-up of a credential, erasure.
   * Its role sees only tables which grant it by policy, and never bypasses row-level security.
   */
  abstract system<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /** Resolves when a query succeeds; throws `unavailable` otherwise. */
  abstract ping(): Promise<void>;

  abstract close(): Promise<void>;
}
