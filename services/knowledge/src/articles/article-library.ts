/**
 * A tenant's articles, kept with all their versions. Promises: two editors who saw the same version never overwrite
 * each other; nothing is lost by a deletion; a foreign id is an unknown id. Every change takes the corpus a revision
 * further, by which search notices it.
 */
import { Injectable } from '@nestjs/common';
import { AppError, newId } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import { KnowledgeConfig } from '../config.js';
import { Corpora } from '../search/corpora.js';
import { passagesOf } from '../search/passage.js';
import { checked, digestOf, type Article, type Draft } from './article.js';
import * as rows from './article.store.js';

export interface ArticlePage {
  readonly articles: readonly Article[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

@Injectable()
export class ArticleLibrary {
  constructor(
    private readonly database: Database,
    private readonly corpora: Corpora,
    private readonly config: KnowledgeConfig,
  ) {}

  /** Stores version 1. Throws `already_exists` when the external id is taken, `resource_exhausted` when full. */
  async create(given: Draft): Promise<Article> {
    const draft = checked(given);
    return this.change(async (tx, corpus) => this.store(tx, corpus, firstVersion(draft), 0));
  }

  /** The current version, or an older one; 0 means the current one. */
  async get(id: string, version: number): Promise<Article> {
    return this.database.transaction(async (tx) => found(await rows.selectArticle(tx, id, version)));
  }

  async list(cursor: string, limit: number): Promise<ArticlePage> {
    const page = await this.database.transaction((tx) => rows.selectPage(tx, cursor, limit + 1));
    const articles = page.slice(0, limit);
    return { articles, nextCursor: page.length > limit ? articles.at(-1)!.id : undefined };
  }

  /** Stores the next version. Throws `failed_precondition` unless `expectedVersion` is the current one, or 0. */
  async update(id: string, given: Draft, expectedVersion: number): Promise<Article> {
    const draft = checked(given);
    return this.change(async (tx, corpus) => {
      const head = expected(await rows.selectHead(tx, id), expectedVersion);
      return this.store(tx, corpus, nextVersion(head, draft), head.passages);
    });
  }

  /** Takes it out of search and lists; its versions can still be read by their numbers. */
  async delete(id: string, expectedVersion: number): Promise<void> {
    await this.change(async (tx, corpus) => {
      const head = expected(await rows.selectHead(tx, id), expectedVersion);
      await rows.markDeleted(tx, id, corpus.revision);
      await rows.addPassages(tx, -head.passages);
    });
  }

  private async store(
    tx: Transaction,
    corpus: rows.Corpus,
    write: rows.Write,
    replaced: number,
  ): Promise<Article> {
    const growth = write.passages - replaced;
    const limit = this.config.KNOWLEDGE_PASSAGES_PER_TENANT;
    if (growth > 0 && corpus.passages + growth > limit) {
      throw new AppError(
        'resource_exhausted',
        `The knowledge base is full at ${limit} passages: delete articles first.`,
      );
    }
    await rows.insertVersions(tx, corpus.revision, [write]);
    await rows.addPassages(tx, growth);
    return found(await rows.selectArticle(tx, write.id, write.version));
  }

  private async change<T>(work: (tx: Transaction, corpus: rows.Corpus) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      tx.afterCommit(() => this.corpora.outdated(tx.tenantId!));
      return work(tx, await rows.advance(tx));
    });
  }
}

export function firstVersion(draft: Draft): rows.Write {
  return version(newId(), 1, draft);
}

export function nextVersion(head: rows.Head, draft: Draft): rows.Write {
  return version(head.id, head.version + 1, draft);
}

function version(id: string, number: number, draft: Draft): rows.Write {
  const { externalId } = draft;
  const passages = passagesOf({ ...draft, id, version: number }).length;
  return { id, version: number, externalId, digest: digestOf(draft), passages, draft };
}

function found<T>(article: T | undefined): T {
  if (!article) throw new AppError('not_found', 'There is no such article.');
  return article;
}

function expected(head: rows.Head | undefined, version: number): rows.Head {
  const current = found(head);
  if (version !== 0 && version !== current.version) {
    throw new AppError(
      'failed_precondition',
      `The article is at version ${current.version} by now: read it again, then repeat your change.`,
    );
  }
  return current;
}
