/** Rows of trainings. At most one waits per bot: whoever asks while it waits shares it. */
import type { Transaction } from '@frontdesk/store';

export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed';

export interface TrainingJob {
  readonly id: string;
  readonly status: JobStatus;
  /** The trained version, e.g. `lexical-3`; empty until it succeeded. */
  readonly version: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly error: string;
}

/** The waiting training of the bot, made if there is none; gated only while everybody who shares it wants a gate. */
export async function insertQueued(
  tx: Transaction,
  id: string,
  bot: string,
  gated: boolean,
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `INSERT INTO training_jobs (id, bot, status, gated) VALUES ($1, $2, 'queued', $3)
     ON CONFLICT (tenant_id, bot) WHERE status = 'queued'
       DO UPDATE SET gated = training_jobs.gated AND excluded.gated
     RETURNING id`,
    [id, bot, gated],
  );
  return row!.id;
}

/** The training of the bot that runs or waits, the one that waits first. */
export async function selectOpen(tx: Transaction, bot: string): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT id FROM training_jobs WHERE bot = $1 AND status IN ('queued', 'running') ORDER BY status LIMIT 1`,
    [bot],
  );
  return row?.id;
}

/**
 * Takes every open training of the bot, oldest first. Only the holder of the bot's lease may call it: one that is
 * `running` was left behind by a process that is gone.
 */
export async function claimOpen(tx: Transaction, bot: string): Promise<Claimed> {
  const rows = await tx.query<{ id: string; gated: boolean; createdAt: Date }>(
    `UPDATE training_jobs SET status = 'running'
     WHERE bot = $1 AND status IN ('queued', 'running') RETURNING id, gated, created_at AS "createdAt"`,
    [bot],
  );
  return {
    ids: rows.map((row) => row.id),
    gated: rows.every((row) => row.gated),
    askedAt: Math.min(...rows.map((row) => row.createdAt.getTime())),
  };
}

export interface Claimed {
  readonly ids: readonly string[];
  /** Whether the result must pass the gate before it answers. */
  readonly gated: boolean;
  /** When the first of them was asked for, in milliseconds since the epoch. */
  readonly askedAt: number;
}

/** Whether a training of the bot runs; it cannot be erased until the end of the transaction. */
export async function holdRunning(tx: Transaction, bot: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT id FROM training_jobs WHERE bot = $1 AND status = 'running' FOR SHARE`,
    [bot],
  );
  return rows.length > 0;
}

/** Holds the trainings until the end of the transaction; false when they were erased meanwhile. */
export async function lock(tx: Transaction, ids: readonly string[]): Promise<boolean> {
  const rows = await tx.query('SELECT id FROM training_jobs WHERE id = ANY ($1::text[]) FOR UPDATE', [ids]);
  return rows.length > 0;
}

export async function finish(
  tx: Transaction,
  ids: readonly string[],
  { status, version, scores, error }: Omit<TrainingJob, 'id'>,
): Promise<void> {
  await tx.query(
    'UPDATE training_jobs SET status = $2, version = $3, scores = $4, error = $5 WHERE id = ANY ($1::text[])',
    [ids, status, version, JSON.stringify(scores), error],
  );
}

export async function selectJob(tx: Transaction, id: string): Promise<TrainingJob | undefined> {
  const [row] = await tx.query<TrainingJob & object>(
    'SELECT id, status, version, scores, error FROM training_jobs WHERE id = $1',
    [id],
  );
  return row;
}

/** Open trainings of all tenants; needs `system`. */
export async function selectAllOpen(tx: Transaction): Promise<{ tenantId: string; bot: string }[]> {
  return tx.query<{ tenantId: string; bot: string }>(
    `SELECT DISTINCT tenant_id AS "tenantId", bot FROM training_jobs WHERE status IN ('queued', 'running')`,
  );
}

/** Everything of the tenant, for erasure. */
export async function deleteJobs(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM training_jobs');
}
