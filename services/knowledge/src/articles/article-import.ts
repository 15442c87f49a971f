/**
 * Many articles at once. Promises a report for every row, in order; bad rows are refused with a reason and good ones
 * stored; the same import again changes nothing, so a retry after a lost answer is harmless. Batches are transactions
 * of their own: what was stored before a failure stays stored.
 */
import { Injectable } from '@nestjs/common';
import { AppError, isAppError } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import { KnowledgeConfig } from '../config.js';
import { Corpora } from '../search/corpora.js';
import { firstVersion, nextVersion } from './article-library.js';
import { checked, digestOf, type Draft } from './article.js';
import * as rows from './article.store.js';

export type ImportedRow =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly articleId: string }
  | { readonly outcome: 'refused'; readonly reason: string };

const MAX_ROWS = 10_000;
/** Rows per transaction: long enough to be fast, short enough for others to get their turn. */
const BATCH_ROWS = 250;

@Injectable()
export class ArticleImport {
  constructor(
    private readonly database: Database,
    private readonly corpora: Corpora,
    private readonly config: KnowledgeConfig,
  ) {}

  async import(drafts: readonly Draft[]): Promise<ImportedRow[]> {
    if (drafts.length > MAX_ROWS) {
      throw new AppError('invalid_argument', `An import has at most ${MAX_ROWS} rows: split it.`, {
        fields: [{ field: 'articles', message: `must be at most ${MAX_ROWS}` }],
      });
    }
    const read = drafts.map(readRow);
    const reports: ImportedRow[] = [];
    for (const batch of batches(read)) {
      const stored = await this.database.transaction((tx) =>
        this.storeBatch(
          tx,
          batch.flatMap((row) => row.draft ?? []),
        ),
      );
      for (const row of batch)
        reports.push(row.draft ? stored.shift()! : { outcome: 'refused', reason: row.reason });
    }
    return reports;
  }

  private async storeBatch(tx: Transaction, drafts: readonly Draft[]): Promise<ImportedRow[]> {
    if (drafts.length === 0) return [];
    tx.afterCommit(() => this.corpora.outdated(tx.tenantId!));
    const corpus = await rows.advance(tx);
    const externalIds = drafts.flatMap(({ externalId }) => externalId ?? []);
    const known = await rows.selectKnown(tx, externalIds, drafts.map(digestOf));
    const byExternalId = new Map(known.map((head) => [head.externalId, head]));
    const byDigest = new Map(known.map((head) => [head.digest, head]));

    const writes: rows.Write[] = [];
    let room = this.config.KNOWLEDGE_PASSAGES_PER_TENANT - corpus.passages;
    const free = room;
    const reports = drafts.map((draft): ImportedRow => {
      const same = byDigest.get(digestOf(draft));
      if (same) return { outcome: 'unchanged', articleId: same.id };
      const head = draft.externalId === undefined ? undefined : byExternalId.get(draft.externalId);
      const write = head ? nextVersion(head, draft) : firstVersion(draft);
      const growth = write.passages - (head?.passages ?? 0);
      if (growth > Math.max(room, 0))
        return { outcome: 'refused', reason: 'The knowledge base is full: delete articles first.' };
      room -= growth;
      writes.push(write);
      byDigest.set(write.digest, write);
      return { outcome: head ? 'updated' : 'created', articleId: write.id };
    });
    await rows.insertVersions(tx, corpus.revision, writes);
    await rows.addPassages(tx, free - room);
    return reports;
  }
}

type Row = { readonly draft: Draft } | { readonly draft?: undefined; readonly reason: string };

function readRow(given: Draft): Row {
  try {
    return { draft: checked(given) };
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid_argument') return { reason: error.message };
    throw error;
  }
}

/** Runs of rows in which no external id stands twice: the second row of it must find the first one stored. */
function* batches(read: readonly Row[]): Generator<Row[]> {
  let batch: Row[] = [];
  let externalIds = new Set<string>();
  for (const row of read) {
    const externalId = row.draft?.externalId;
    if (batch.length === BATCH_ROWS || (externalId !== undefined && externalIds.has(externalId))) {
      yield batch;
      batch = [];
      externalIds = new Set();
    }
    batch.push(row);
    if (externalId !== undefined) externalIds.add(externalId);
  }
  if (batch.length > 0) yield batch;
}
