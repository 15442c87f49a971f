/** `frontdesk.knowledge.v1.KnowledgeService` on the domain: translation and the checks of untrusted input, nothing else. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import * as wire from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { Rpc } from '@frontdesk/rpc';
import { ArticleImport, type ImportedRow } from '../articles/article-import.js';
import { ArticleLibrary } from '../articles/article-library.js';
import type { Article, Draft } from '../articles/article.js';
import { knowledgeMetrics } from '../metrics.js';
import type { Hit } from '../search/corpus.js';
import { Search } from '../search/search.js';

const { KnowledgeService, ImportOutcome } = wire;

const longestQuery = 8_000;

@Controller()
export class KnowledgeRpc {
  constructor(
    private readonly finder: Search,
    private readonly library: ArticleLibrary,
    private readonly importer: ArticleImport,
  ) {}

  @Rpc(KnowledgeService.method.search)
  async search(request: wire.SearchRequest): Promise<MessageInitShape<typeof wire.SearchResponseSchema>> {
    const { query, locale } = request;
    if (query.trim() === '') throw refused('query', 'must not be empty');
    if (query.length > longestQuery) throw refused('query', `must have at most ${longestQuery} characters`);
    const limit = limitOf(request.limit, 5, 50);
    const timer = knowledgeMetrics.searchSeconds.startTimer();
    const hits = await this.finder.search({ query, locale, limit });
    timer();
    knowledgeMetrics.searches.inc({ found: quality(hits[0]?.score ?? 0) });
    return { passages: hits.map(toWirePassage) };
  }

  @Rpc(KnowledgeService.method.createArticle)
  async createArticle(
    request: wire.CreateArticleRequest,
  ): Promise<MessageInitShape<typeof wire.CreateArticleResponseSchema>> {
    return { article: toWireArticle(await this.library.create(toDraft(required(request.article)))) };
  }

  @Rpc(KnowledgeService.method.getArticle)
  async getArticle(
    request: wire.GetArticleRequest,
  ): Promise<MessageInitShape<typeof wire.GetArticleResponseSchema>> {
    return { article: toWireArticle(await this.library.get(request.id, request.version)) };
  }

  @Rpc(KnowledgeService.method.listArticles)
  async listArticles(
    request: wire.ListArticlesRequest,
  ): Promise<MessageInitShape<typeof wire.ListArticlesResponseSchema>> {
    const page = await this.library.list(request.cursor, limitOf(request.limit, 50, 200));
    return { articles: page.articles.map(toWireArticle), nextCursor: page.nextCursor ?? '' };
  }

  @Rpc(KnowledgeService.method.updateArticle)
  async updateArticle(
    request: wire.UpdateArticleRequest,
  ): Promise<MessageInitShape<typeof wire.UpdateArticleResponseSchema>> {
    const article = required(request.article);
    const stored = await this.library.update(article.id, toDraft(article), request.expectedVersion);
    return { article: toWireArticle(stored) };
  }

  @Rpc(KnowledgeService.method.deleteArticle)
  async deleteArticle(
    request: wire.DeleteArticleRequest,
  ): Promise<MessageInitShape<typeof wire.DeleteArticleResponseSchema>> {
    await this.library.delete(request.id, request.expectedVersion);
    return {};
  }

  @Rpc(KnowledgeService.method.importArticles)
  async importArticles(
    request: wire.ImportArticlesRequest,
  ): Promise<MessageInitShape<typeof wire.ImportArticlesResponseSchema>> {
    const rows = await this.importer.import(request.articles.map(toDraft));
    for (const { outcome } of rows) knowledgeMetrics.importedRows.inc({ outcome });
    return { rows: rows.map(toWireRow) };
  }
}

function toDraft(article: wire.Article): Draft {
  const { title, questions, answer, locale, tags, validFrom, validTo, externalId } = article;
  return {
    ...{ title, questions, answer, locale, tags },
    validFrom: validFrom && timestampDate(validFrom),
    validTo: validTo && timestampDate(validTo),
    externalId: externalId || undefined,
  };
}

function toWireArticle(article: Article): MessageInitShape<typeof wire.ArticleSchema> {
  const { id, title, questions, answer, locale, tags, version, updatedAt } = article;
  return {
    ...{ id, title, answer, locale, version },
    questions: [...questions],
    tags: [...tags],
    ...(article.validFrom && { validFrom: timestampFromDate(article.validFrom) }),
    ...(article.validTo && { validTo: timestampFromDate(article.validTo) }),
    updatedAt: timestampFromDate(updatedAt),
    externalId: article.externalId ?? '',
  };
}

function toWirePassage({ passage, score }: Hit): MessageInitShape<typeof wire.PassageSchema> {
  const { id, articleId, articleVersion, title, text, locale } = passage;
  return { id, articleId, articleVersion, title, text, locale, score };
}

const outcomes = {
  created: ImportOutcome.CREATED,
  updated: ImportOutcome.UPDATED,
  unchanged: ImportOutcome.UNCHANGED,
  refused: ImportOutcome.REFUSED,
} as const;

function toWireRow(row: ImportedRow): MessageInitShape<typeof wire.ImportRowSchema> {
  const outcome = outcomes[row.outcome];
  return row.outcome === 'refused' ? { outcome, error: row.reason } : { outcome, articleId: row.articleId };
}

function quality(score: number): string {
  if (score >= 0.5) return 'answer';
  return score >= 0.2 ? 'evidence' : 'none';
}

function limitOf(given: number, whenAbsent: number, most: number): number {
  if (given > most) throw refused('limit', `must be at most ${most}`);
  return given || whenAbsent;
}

function required(article: wire.Article | undefined): wire.Article {
  if (!article) throw refused('article', 'is required');
  return article;
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid_argument', `${field} ${message}.`, { fields: [{ field, message }] });
}
