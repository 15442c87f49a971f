/** Rows of settings, one per bot that has any. */
import type { Transaction } from '@frontdesk/store';
import type { EntityDefinition } from '../entities/custom.js';
import { NO_SETTINGS, type BotSettings, type EncoderChoice } from './bot-settings.js';

interface SettingsRow {
  readonly encoder: EncoderChoice | '';
  readonly gateMargin: number | null;
  readonly entities: EntityDefinition[];
}

export async function selectSettings(tx: Transaction, bot: string): Promise<BotSettings> {
  const [row] = await tx.query<SettingsRow & object>(
    'SELECT encoder, gate_margin AS "gateMargin", entities FROM bot_settings WHERE bot = $1',
    [bot],
  );
  if (!row) return NO_SETTINGS;
  return {
    encoder: row.encoder || undefined,
    gateMargin: row.gateMargin ?? undefined,
    entities: row.entities,
  };
}

/** Replaces what was there. Returns what that was; another writer waits until this transaction ends. */
export async function exchangeSettings(
  tx: Transaction,
  bot: string,
  { encoder, gateMargin, entities }: BotSettings,
): Promise<BotSettings> {
  await tx.query(
    `INSERT INTO bot_settings (bot, encoder, entities) VALUES ($1, '', '[]') ON CONFLICT DO NOTHING`,
    [bot],
  );
  await tx.query('SELECT FROM bot_settings WHERE bot = $1 FOR UPDATE', [bot]);
  const before = await selectSettings(tx, bot);
  await tx.query('UPDATE bot_settings SET encoder = $2, gate_margin = $3, entities = $4 WHERE bot = $1', [
    bot,
    encoder ?? '',
    gateMargin ?? null,
    JSON.stringify(entities),
  ]);
  return before;
}

/** Everything of the tenant, for erasure. */
export async function deleteSettings(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM bot_settings');
}
