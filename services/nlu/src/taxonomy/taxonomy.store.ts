/** Rows of intents, examples and corrections. */
import type { Transaction } from '@frontdesk/store';
import type { LabelledUtterance } from '../intent/training-set.js';
import type { LabelledEmotion } from '../emotion/emotion-examples.js';
import type { Intent } from './taxonomy.js';

/** Parent by name of every intent of the bot. */
export async function selectParents(tx: Transaction, bot: string): Promise<Map<string, string>> {
  const rows = await tx.query<{ name: string; parent: string }>(
    'SELECT name, parent FROM intents WHERE bot = $1 ORDER BY name',
    [bot],
  );
  return new Map(rows.map(({ name, parent }) => [name, parent]));
}

export interface ExampleRow {
  readonly intent: string;
  readonly language: string;
  readonly text: string;
}

/** By intent, language and text. */
export async function selectExamples(tx: Transaction, bot: string): Promise<ExampleRow[]> {
  return tx.query<ExampleRow & object>(
    'SELECT intent, language, text FROM examples WHERE bot = $1 ORDER BY intent, language, text',
    [bot],
  );
}

export async function selectIntents(tx: Transaction, bot: string): Promise<Intent[]> {
  const parents = await selectParents(tx, bot);
  const byIntent = Map.groupBy(await selectExamples(tx, bot), (row) => row.intent);
  return [...parents].map(([name, parent]) => {
    const byLanguage = Map.groupBy(byIntent.get(name) ?? [], (row) => row.language);
    const examples = [...byLanguage].map(([language, own]) => [language, own.map((row) => row.text)]);
    return { name, parent, examples: Object.fromEntries(examples) };
  });
}

/** What people corrected last comes first, the rest in a fixed order: the same taxonomy trains to the same model. */
export async function selectUtterances(tx: Transaction, bot: string): Promise<LabelledUtterance[]> {
  return tx.query<LabelledUtterance & object>(
    `SELECT intent, text FROM examples WHERE bot = $1
     ORDER BY intent, corrected_at DESC NULLS LAST, digest`,
    [bot],
  );
}

export async function deleteIntents(tx: Transaction, bot: string): Promise<void> {
  await tx.query('DELETE FROM intents WHERE bot = $1', [bot]);
}

/** Adds what is new; a given parent replaces a stored one, an empty one does not. */
export async function upsertIntents(tx: Transaction, bot: string, intents: readonly Intent[]): Promise<void> {
  await tx.query(
    `INSERT INTO intents (bot, name, parent)
     SELECT $1, name, parent FROM unnest($2::text[], $3::text[]) AS given (name, parent)
     ON CONFLICT (tenant_id, bot, name) DO UPDATE SET parent = excluded.parent WHERE excluded.parent <> ''`,
    [bot, intents.map((intent) => intent.name), intents.map((intent) => intent.parent)],
  );
  const rows = intents.flatMap(({ name, examples }) =>
    Object.entries(examples).flatMap(([language, texts]) =>
      texts.map((text) => ({ intent: name, language, text: text.trim() })),
    ),
  );
  await insertExamples(tx, bot, withoutDoubles(rows), { corrected: false });
}

async function insertExamples(
  tx: Transaction,
  bot: string,
  rows: readonly ExampleRow[],
  { corrected }: { readonly corrected: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO examples (bot, intent, language, text, corrected_at)
     SELECT $1, intent, language, text, CASE WHEN $5 THEN now() END
     FROM unnest($2::text[], $3::text[], $4::text[]) AS given (intent, language, text)
     ON CONFLICT (tenant_id, bot, intent, digest)
       DO UPDATE SET corrected_at = coalesce(excluded.corrected_at, examples.corrected_at)`,
    [
      bot,
      rows.map((row) => row.intent),
      rows.map((row) => row.language),
      rows.map((row) => row.text),
      corrected,
    ],
  );
}

/** An editor may write an example twice; one statement cannot update a row twice. */
function withoutDoubles(rows: readonly ExampleRow[]): ExampleRow[] {
  return [...new Map(rows.map((row) => [`${row.intent}\0${row.text}`, row])).values()];
}

/** Each utterance as an example of its intent and of no other; new intents are made. No utterance may stand twice. */
export async function moveExamples(
  tx: Transaction,
  bot: string,
  examples: readonly ExampleRow[],
): Promise<void> {
  const intents = examples.map((example) => example.intent);
  await tx.query(
    `INSERT INTO intents (bot, name, parent)
     SELECT DISTINCT $1, name, '' FROM unnest($2::text[]) AS given (name) ON CONFLICT DO NOTHING`,
    [bot, intents],
  );
  await tx.query(
    `DELETE FROM examples USING unnest($2::text[], $3::text[]) AS given (intent, text)
     WHERE bot = $1 AND digest = md5(given.text) AND examples.intent <> given.intent`,
    [bot, intents, examples.map((example) => example.text)],
  );
  await insertExamples(tx, bot, examples, { corrected: true });
}

export async function countTaxonomy(
  tx: Transaction,
  bot: string,
): Promise<{ intents: number; examples: number }> {
  const [row] = await tx.query<{ intents: number; examples: number }>(
    `SELECT (SELECT count(*)::integer FROM intents WHERE bot = $1) AS intents,
            (SELECT count(*)::integer FROM examples WHERE bot = $1) AS examples`,
    [bot],
  );
  return row!;
}

export async function selectEmotions(tx: Transaction, bot: string): Promise<LabelledEmotion[]> {
  return tx.query<LabelledEmotion & object>(
    'SELECT text, emotion FROM emotion_examples WHERE bot = $1 ORDER BY digest',
    [bot],
  );
}

/** No text may stand twice. */
export async function upsertEmotions(
  tx: Transaction,
  bot: string,
  labelled: readonly LabelledEmotion[],
): Promise<void> {
  await tx.query(
    `INSERT INTO emotion_examples (bot, text, emotion)
     SELECT $1, text, emotion FROM unnest($2::text[], $3::text[]) AS given (text, emotion)
     ON CONFLICT (tenant_id, bot, digest) DO UPDATE SET emotion = excluded.emotion`,
    [bot, labelled.map(({ text }) => text), labelled.map(({ emotion }) => emotion)],
  );
}

/** Whether there is anything to train the bot from. */
export async function isTaught(tx: Transaction, bot: string): Promise<boolean> {
  const [row] = await tx.query<{ taught: boolean }>(
    `SELECT EXISTS (SELECT FROM examples WHERE bot = $1)
         OR EXISTS (SELECT FROM emotion_examples WHERE bot = $1) AS taught`,
    [bot],
  );
  return row!.taught;
}

export interface FeedbackRow {
  readonly id: string;
  readonly bot: string;
  readonly messageId: string;
  readonly text: string;
  readonly intent: string;
  readonly emotion: string;
}

export async function insertFeedback(tx: Transaction, row: FeedbackRow): Promise<void> {
  await tx.query(
    'INSERT INTO feedback (id, bot, message_id, text, intent, emotion) VALUES ($1, $2, $3, $4, $5, $6)',
    [row.id, row.bot, row.messageId, row.text, row.intent, row.emotion],
  );
}

/** Everything of the tenant, for erasure. */
export async function deleteTaxonomies(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM intents');
  await tx.query('DELETE FROM emotion_examples');
  await tx.query('DELETE FROM feedback');
}
