/** Rows of trained models, and which of them answers. */
import type { Transaction } from '@frontdesk/store';

export interface ModelSummary {
  readonly version: number;
  readonly createdAt: Date;
  readonly active: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

/** A model as it is stored; `intents` and `emotions` are encoded classifiers. */
export interface StoredModel {
  readonly intents: Uint8Array;
  readonly threshold: number;
  readonly parents: Readonly<Record<string, string>>;
  readonly emotions: Uint8Array | null;
  readonly scores: Readonly<Record<string, number>>;
}

/** Older versions than these are dropped, unless one of them answers. */
const VERSIONS_KEPT = 10;

/** The version that answers; undefined for a bot without a model. */
export async function selectActiveVersion(tx: Transaction, bot: string): Promise<number | undefined> {
  const [row] = await tx.query<{ version: number }>('SELECT version FROM active_models WHERE bot = $1', [
    bot,
  ]);
  return row?.version;
}

export async function selectModel(
  tx: Transaction,
  bot: string,
  version: number,
): Promise<StoredModel | undefined> {
  const [row] = await tx.query<StoredModel & object>(
    'SELECT intents, threshold, parents, emotions, scores FROM models WHERE bot = $1 AND version = $2',
    [bot, version],
  );
  return row;
}

/** Newest first. */
export async function selectModels(tx: Transaction, bot: string): Promise<ModelSummary[]> {
  return tx.query<ModelSummary & object>(
    `SELECT m.version, m.created_at AS "createdAt", m.scores, coalesce(a.version = m.version, false) AS active
     FROM models m LEFT JOIN active_models a ON a.bot = m.bot
     WHERE m.bot = $1 ORDER BY m.version DESC`,
    [bot],
  );
}

/** Stores the model as the next version, which answers from the commit on. Returns the version. */
export async function insertActiveModel(tx: Transaction, bot: string, model: StoredModel): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `INSERT INTO active_models (bot, version, last_version) VALUES ($1, 1, 1)
     ON CONFLICT (tenant_id, bot) DO UPDATE
       SET version = active_models.last_version + 1, last_version = active_models.last_version + 1
     RETURNING version`,
    [bot],
  );
  const { version } = row!;
  await tx.query(
    `INSERT INTO models (bot, version, intents, threshold, parents, emotions, scores)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      bot,
      version,
      Buffer.from(model.intents),
      model.threshold,
      JSON.stringify(model.parents),
      model.emotions && Buffer.from(model.emotions),
      JSON.stringify(model.scores),
    ],
  );
  await tx.query('DELETE FROM models WHERE bot = $1 AND version <= $2', [bot, version - VERSIONS_KEPT]);
  return version;
}

/** False when there is no such version. */
export async function activateModel(tx: Transaction, bot: string, version: number): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE active_models SET version = $2
     WHERE bot = $1 AND EXISTS (SELECT FROM models WHERE bot = $1 AND version = $2) RETURNING version`,
    [bot, version],
  );
  return rows.length > 0;
}

/** Everything of the tenant, for erasure. */
export async function deleteModels(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM active_models');
  await tx.query('DELETE FROM models');
}
