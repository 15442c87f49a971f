/**
 * Rows of articles ↔ the words of `article.ts`. Each function is one statement or two of a transaction that its caller
 * composes; row-level security adds the tenant. Writers call `advance` first: it is the lock that puts them in order.
 */
import type { Transaction } from '@frontdesk/store';
import type { Article, Draft } from './article.js';

/** The part of an article that outlives its versions. */
export interface Head {
  readonly id: string;
  readonly version: number;
  readonly externalId: string | undefined;
  readonly digest: string;
  readonly passages: number;
}

/** A version about to be written. */
export interface Write extends Head {
  readonly draft: Draft;
}

interface CorpusRow {
  born_at: Date;
  revision: string;
  passages: string;
}

interface HeadRow {
  id: string;
  version: number;
  external_id: string | null;
  digest: string;
  passages: number;
}

interface ArticleRow {
  id: string;
  version: number;
  title: string;
  questions: string[];
  answer: string;
  locale: string;
  tags: string[];
  valid_from: Date | null;
  valid_to: Date | null;
  external_id: string | null;
  created_at: Date;
}

const corpusColumns = 'born_at, revision, passages';
const headColumns = 'id, version, external_id, digest, passages';
const articleColumns =
  'v.article_id AS id, v.version, v.title, v.questions, v.answer, v.locale, v.tags, v.valid_from, v.valid_to, v.external_id, v.created_at';
const currentVersion =
  'articles a JOIN article_versions v ON v.tenant_id = a.tenant_id AND v.article_id = a.id AND v.version = a.version';

export interface Corpus {
  /** Milliseconds since the epoch; another one when the tenant was erased and came back. */
  readonly bornAt: number;
  readonly revision: number;
  /** Of all articles which are not deleted. */
  readonly passages: number;
}

/** The next revision of the tenant's corpus, which is locked until the transaction ends. */
export async function advance(tx: Transaction): Promise<Corpus> {
  const rows = await tx.query<CorpusRow>(
    `INSERT INTO corpora DEFAULT VALUES
     ON CONFLICT (tenant_id) DO UPDATE SET revision = corpora.revision + 1 RETURNING ${corpusColumns}`,
  );
  return toCorpus(rows[0]!);
}

/** Undefined for a tenant who never stored anything. */
export async function selectCorpus(tx: Transaction): Promise<Corpus | undefined> {
  const rows = await tx.query<CorpusRow>(`SELECT ${corpusColumns} FROM corpora`);
  return rows[0] && toCorpus(rows[0]);
}

export async function addPassages(tx: Transaction, count: number): Promise<void> {
  if (count !== 0) await tx.query('UPDATE corpora SET passages = passages + $1', [count]);
}

/** Undefined when there is no such article, or it is deleted. */
export async function selectHead(tx: Transaction, id: string): Promise<Head | undefined> {
  const rows = await tx.query<HeadRow>(
    `SELECT ${headColumns} FROM articles WHERE id = $1 AND deleted_at IS NULL`,
    [id],
  );
  return rows[0] && toHead(rows[0]);
}

/** Heads with any of these external ids, or with any of these digests. */
export async function selectKnown(
  tx: Transaction,
  externalIds: readonly string[],
  digests: readonly string[],
): Promise<Head[]> {
  const rows = await tx.query<HeadRow>(
    `SELECT ${headColumns} FROM articles WHERE deleted_at IS NULL AND external_id = ANY($1::text[])
     UNION
     SELECT ${headColumns} FROM articles WHERE deleted_at IS NULL AND digest = ANY($2::text[])`,
    [externalIds, digests],
  );
  return rows.map(toHead);
}

/** The current version, or an older one, which can be read after the deletion too. */
export async function selectArticle(
  tx: Transaction,
  id: string,
  version: number,
): Promise<Article | undefined> {
  const rows = await tx.query<ArticleRow>(
    version === 0
      ? `SELECT ${articleColumns} FROM ${currentVersion} WHERE a.id = $1 AND a.deleted_at IS NULL`
      : `SELECT ${articleColumns} FROM article_versions v WHERE v.article_id = $1 AND v.version = $2`,
    version === 0 ? [id] : [id, version],
  );
  return rows[0] && toArticle(rows[0]);
}

export async function selectPage(tx: Transaction, afterId: string, limit: number): Promise<Article[]> {
  const rows = await tx.query<ArticleRow>(
    `SELECT ${articleColumns} FROM ${currentVersion}
     WHERE a.id > $1 AND a.deleted_at IS NULL ORDER BY a.id LIMIT $2`,
    [afterId, limit],
  );
  return rows.map(toArticle);
}

/** What became of an article since some revision: its current version, or undefined when it is deleted. */
export interface Change {
  readonly id: string;
  readonly revision: number;
  readonly article: Article | undefined;
}

/** Changes after a place in the order of (revision, id), in that order. */
export async function selectChanges(
  tx: Transaction,
  after: { readonly revision: number; readonly id: string },
  limit: number,
): Promise<Change[]> {
  const rows = await tx.query<ArticleRow & { head_id: string; revision: string; deleted: boolean }>(
    `SELECT a.id AS head_id, a.revision, a.deleted_at IS NOT NULL AS deleted, ${articleColumns}
     FROM ${currentVersion} WHERE (a.revision, a.id) > ($1, $2) ORDER BY a.revision, a.id LIMIT $3`,
    [after.revision, after.id, limit],
  );
  return rows.map((row) => ({
    id: row.head_id,
    revision: Number(row.revision),
    article: row.deleted ? undefined : toArticle(row),
  }));
}

/** Stores versions, new articles or next ones. Throws `already_exists` when an external id is another article's. */
export async function insertVersions(
  tx: Transaction,
  revision: number,
  writes: readonly Write[],
): Promise<void> {
  const rows = writes.map(({ draft, ...head }) => ({
    id: head.id,
    version: head.version,
    external_id: head.externalId ?? null,
    digest: head.digest,
    passages: head.passages,
    title: draft.title,
    questions: draft.questions,
    answer: draft.answer,
    locale: draft.locale,
    tags: draft.tags,
    valid_from: draft.validFrom ?? null,
    valid_to: draft.validTo ?? null,
  }));
  const json = JSON.stringify(rows);
  await tx.query(
    `INSERT INTO articles (id, version, revision, external_id, digest, passages)
     SELECT r.id, r.version, $2, r.external_id, r.digest, r.passages
     FROM jsonb_to_recordset($1::jsonb) AS r(id text, version integer, external_id text, digest text, passages integer)
     ON CONFLICT (tenant_id, id) DO UPDATE SET
       version = excluded.version, revision = excluded.revision, external_id = excluded.external_id,
       digest = excluded.digest, passages = excluded.passages`,
    [json, revision],
  );
  await tx.query(
    `INSERT INTO article_versions
       (article_id, version, title, questions, answer, locale, tags, valid_from, valid_to, external_id)
     SELECT r.id, r.version, r.title, r.questions, r.answer, r.locale, r.tags, r.valid_from, r.valid_to, r.external_id
     FROM jsonb_to_recordset($1::jsonb) AS r(
       id text, version integer, title text, questions jsonb, answer text, locale text, tags jsonb,
       valid_from timestamptz, valid_to timestamptz, external_id text)`,
    [json],
  );
}

export async function markDeleted(tx: Transaction, id: string, revision: number): Promise<void> {
  await tx.query('UPDATE articles SET deleted_at = now(), revision = $2 WHERE id = $1', [id, revision]);
}

/** All of the current tenant. */
export async function deleteEverything(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM articles');
  await tx.query('DELETE FROM corpora');
}

function toCorpus(row: CorpusRow): Corpus {
  return { bornAt: row.born_at.getTime(), revision: Number(row.revision), passages: Number(row.passages) };
}

function toHead(row: HeadRow): Head {
  const { id, version, digest, passages } = row;
  return { id, version, digest, passages, externalId: row.external_id ?? undefined };
}

function toArticle(row: ArticleRow): Article {
  const { id, version, title, questions, answer, locale, tags } = row;
  return {
    ...{ id, version, title, questions, answer, locale, tags },
    validFrom: row.valid_from ?? undefined,
    validTo: row.valid_to ?? undefined,
    externalId: row.external_id ?? undefined,
    updatedAt: row.created_at,
  };
}
