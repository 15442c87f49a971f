/** Rows of trained models, and which of them answers. */
import type { Transaction } from '@frontdesk/store';
import type { StoredEmotions } from '../emotion/emotions.js';

export type ModelStatus = 'ready' | 'refused' | 'rolled_back';

/** Per intent: held-out examples the version got right, and all of them. */
export type HeldOutCounts = Readonly<Record<string, readonly [right: number, all: number]>>;

export interface ModelSummary {
  readonly version: number;
  readonly createdAt: Date;
  readonly active: boolean;
  readonly pinned: boolean;
  readonly status: ModelStatus;
  /** Why it was refused or rolled back. */
  readonly note: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly heldOut: HeldOutCounts;
  /** "id@revision" of each head; none for a lexical version. */
  readonly encoders: readonly string[];
}

/** A model as it is stored; `intents` is an encoded classifier, `heads` are encoded heads by encoder. */
export interface StoredModel {
  readonly intents: Uint8Array;
  readonly threshold: number;
  readonly parents: Readonly<Record<string, string>>;
  /** Null while nobody corrected an emotion. */
  readonly emotions: StoredEmotions | null;
  readonly scores: Readonly<Record<string, number>>;
  readonly heldOut: HeldOutCounts;
  readonly heads: ReadonlyMap<string, Uint8Array>;
  /** The version that answered before it. */
  readonly previous: number | null;
  /** Whether live messages may take it back. */
  readonly onTrial: boolean;
}

/** Older versions than these are dropped, unless one of them answers. */
const VERSIONS_KEPT = 10;

/** The version that answers; undefined for a bot without a model. */
export async function selectActive(
  tx: Transaction,
  bot: string,
): Promise<{ version: number; pinned: boolean } | undefined> {
  const [row] = await tx.query<{ version: number; pinned: boolean }>(
    'SELECT version, pinned FROM active_models WHERE bot = $1',
    [bot],
  );
  return row;
}

export async function selectModel(
  tx: Transaction,
  bot: string,
  version: number,
): Promise<StoredModel | undefined> {
  const [row] = await tx.query<ModelRow & object>(
    `SELECT intents, threshold, parents, emotions, sentiments, scores, held_out AS "heldOut", previous,
            on_trial AS "onTrial"
     FROM models WHERE bot = $1 AND version = $2`,
    [bot, version],
  );
  if (!row) return undefined;
  const { emotions, sentiments, ...model } = row;
  const heads = emotions && (await selectEmotionHeads(tx, bot, version));
  return {
    ...model,
    emotions: heads && { emotions, sentiments, heads },
    heads: await selectHeads(tx, bot, version),
  };
}

interface ModelRow extends Omit<StoredModel, 'heads' | 'emotions'> {
  readonly emotions: Uint8Array | null;
  readonly sentiments: Uint8Array | null;
}

async function selectEmotionHeads(
  tx: Transaction,
  bot: string,
  version: number,
): Promise<Map<string, Uint8Array>> {
  const rows = await tx.query<{ encoder: string; heads: Uint8Array }>(
    'SELECT encoder, heads FROM emotion_heads WHERE bot = $1 AND version = $2 ORDER BY encoder',
    [bot, version],
  );
  return new Map(rows.map(({ encoder, heads }) => [encoder, heads]));
}

/** Encoded heads by encoder. */
export async function selectHeads(
  tx: Transaction,
  bot: string,
  version: number,
): Promise<Map<string, Uint8Array>> {
  const rows = await tx.query<{ encoder: string; head: Uint8Array }>(
    'SELECT encoder, head FROM model_heads WHERE bot = $1 AND version = $2 ORDER BY encoder',
    [bot, version],
  );
  return new Map(rows.map(({ encoder, head }) => [encoder, head]));
}

/** Newest first. */
export async function selectModels(tx: Transaction, bot: string): Promise<ModelSummary[]> {
  return tx.query<ModelSummary & object>(
    `SELECT m.version, m.created_at AS "createdAt", m.scores, m.status, m.note, m.held_out AS "heldOut",
            coalesce(a.version = m.version, false) AS active,
            coalesce(a.version = m.version AND a.pinned, false) AS pinned,
            ARRAY (SELECT h.encoder FROM model_heads h
                   WHERE h.bot = m.bot AND h.version = m.version ORDER BY h.encoder) AS encoders
     FROM models m LEFT JOIN active_models a ON a.bot = m.bot
     WHERE m.bot = $1 ORDER BY m.version DESC`,
    [bot],
  );
}

/**
 * Stores the model as the next version, which answers from the commit on, unless another is pinned or it is stored as
 * refused. Returns the version.
 */
export async function insertModel(
  tx: Transaction,
  bot: string,
  model: Omit<StoredModel, 'previous'>,
  refused: string | undefined,
): Promise<number> {
  const status = refused === undefined ? 'ready' : 'refused';
  // Read now: somebody may have gone back to another version while this one was trained.
  const active = await selectActive(tx, bot);
  const [row] = await tx.query<{ version: number }>(
    `INSERT INTO active_models (bot, version, last_version) VALUES ($1, 1, 1)
     ON CONFLICT (tenant_id, bot) DO UPDATE
       SET version = CASE WHEN active_models.pinned OR $2 THEN active_models.version
                          ELSE active_models.last_version + 1 END,
           last_version = active_models.last_version + 1
     RETURNING last_version AS version`,
    [bot, status === 'refused'],
  );
  const { version } = row!;
  await tx.query(
    `INSERT INTO models
       (bot, version, intents, threshold, parents, emotions, sentiments, scores, held_out, previous, on_trial,
        status, note)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      bot,
      version,
      Buffer.from(model.intents),
      model.threshold,
      JSON.stringify(model.parents),
      model.emotions && Buffer.from(model.emotions.emotions),
      model.emotions?.sentiments ? Buffer.from(model.emotions.sentiments) : null,
      JSON.stringify(model.scores),
      JSON.stringify(model.heldOut),
      active?.version ?? null,
      model.onTrial,
      status,
      refused ?? '',
    ],
  );
  for (const [encoder, head] of model.heads) {
    await tx.query('INSERT INTO model_heads (bot, version, encoder, head) VALUES ($1, $2, $3, $4)', [
      bot,
      version,
      encoder,
      Buffer.from(head),
    ]);
  }
  for (const [encoder, heads] of model.emotions?.heads ?? []) {
    await tx.query('INSERT INTO emotion_heads (bot, version, encoder, heads) VALUES ($1, $2, $3, $4)', [
      bot,
      version,
      encoder,
      Buffer.from(heads),
    ]);
  }
  await tx.query(
    `DELETE FROM models WHERE bot = $1 AND version <= $2
       AND version <> (SELECT version FROM active_models WHERE bot = $1)`,
    [bot, version - VERSIONS_KEPT],
  );
  return version;
}

/** Makes a version the one that answers, on trial no longer; false when there is no such version. */
export async function activateModel(
  tx: Transaction,
  bot: string,
  version: number,
  pinned: boolean,
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE active_models SET version = $2, pinned = $3
     WHERE bot = $1 AND EXISTS (SELECT FROM models WHERE bot = $1 AND version = $2) RETURNING version`,
    [bot, version, pinned],
  );
  if (rows.length === 0) return false;
  await trust(tx, bot, version);
  return true;
}

/** Ends the trial of a version: whoever went back to it must not be taken further back. */
async function trust(tx: Transaction, bot: string, version: number): Promise<void> {
  await tx.query('UPDATE models SET on_trial = false WHERE bot = $1 AND version = $2', [bot, version]);
}

/**
 * Makes the version before `version` answer again, if `version` still answers; the first of several processes does it.
 * Returns the version that answers now.
 */
export async function takeBack(
  tx: Transaction,
  bot: string,
  version: number,
  note: string,
): Promise<number | undefined> {
  const [row] = await tx.query<{ version: number }>(
    `UPDATE active_models a SET version = m.previous
     FROM models m
     WHERE a.bot = $1 AND a.version = $2 AND m.bot = $1 AND m.version = $2
       AND EXISTS (SELECT FROM models p WHERE p.bot = $1 AND p.version = m.previous)
     RETURNING a.version`,
    [bot, version],
  );
  if (!row) return undefined;
  await tx.query(`UPDATE models SET status = 'rolled_back', note = $3 WHERE bot = $1 AND version = $2`, [
    bot,
    version,
    note,
  ]);
  await trust(tx, bot, row.version);
  return row.version;
}

/** Everything of the tenant, for erasure. */
export async function deleteModels(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM active_models');
  await tx.query('DELETE FROM models');
}
