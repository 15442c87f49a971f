/** The knowledge base for editors: articles with versions, bulk import, and search as the bot sees it. */
import { Body, Controller, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { codeOf } from '@frontdesk/core';
import { ImportOutcome, KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../problem.js';
import { Route } from '../route.js';
import { cursor, limit, locale, nextCursor, prose } from '../schemas.js';
import { bulkLimit, rowTypes } from '../web-server.js';
import * as json from './article.json.js';
import { batches } from '../batches.js';
import { importRows, mostRows } from './import-rows.js';

const tag = 'Knowledge';

const listQuery = z.strictObject({ limit: limit(200), cursor });
const articleList = z.strictObject({ articles: z.array(json.articleSchema), nextCursor });
const versionQuery = z.strictObject({
  version: z.coerce.number().int().min(1).max(1_000_000).optional().describe('An older version.'),
});
const question = z.strictObject({
  query: prose(8_000),
  locale: locale.optional().describe('Prefer this language.'),
  limit: z.int().min(1).max(50).optional(),
});
const found = z.strictObject({ passages: z.array(json.passageSchema) });
const importBody = z
  .union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())])
  .describe(`At most ${mostRows} rows: articles, or {query, response, context} pairs.`);

const outcomes = { created: 0, updated: 0, unchanged: 0, refused: 0 };
type Outcome = keyof typeof outcomes;
const report = z
  .strictObject({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    rows: z.array(
      z.strictObject({
        row: z.int().describe('From 1.'),
        outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
        articleId: z.string().optional(),
        error: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ImportReport' });

const outcomeNames: Readonly<Record<ImportOutcome, Outcome>> = {
  [ImportOutcome.UNSPECIFIED]: 'refused',
  [ImportOutcome.CREATED]: 'created',
  [ImportOutcome.UPDATED]: 'updated',
  [ImportOutcome.UNCHANGED]: 'unchanged',
  [ImportOutcome.REFUSED]: 'refused',
};

const ifMatch = { 'if-match': 'ETag of the version that was edited; absent: whatever is there.' };

@Controller()
export class KnowledgeController {
  constructor(@InjectRpc(KnowledgeService) private readonly knowledge: RpcClient<typeof KnowledgeService>) {}

  @Route('POST', '/v1/knowledge/articles', {
    tag,
    summary: 'Add an article.',
    allow: ['admin'],
    body: json.newArticle,
    answer: json.articleSchema,
    status: 201,
  })
  async create(
    @Body() body: json.NewArticle,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<json.ArticleJson> {
    const { article } = await this.knowledge.createArticle({ article: json.toArticle(body) });
    reply.header('location', `/v1/knowledge/articles/${article!.id}`);
    return tagged(reply, json.articleOf(article!));
  }

  @Route('GET', '/v1/knowledge/articles', {
    tag,
    summary: 'List the articles.',
    allow: ['admin'],
    query: listQuery,
    answer: articleList,
  })
  async list(@Query() { limit, cursor }: z.output<typeof listQuery>): Promise<z.input<typeof articleList>> {
    const page = await this.knowledge.listArticles({ limit: limit ?? 0, cursor: cursor ?? '' });
    return { articles: page.articles.map(json.articleOf), nextCursor: page.nextCursor || null };
  }

  @Route('GET', '/v1/knowledge/articles/:id', {
    tag,
    summary: 'Read an article, or an older version of it.',
    allow: ['admin'],
    query: versionQuery,
    answer: json.articleSchema,
  })
  async read(
    @Param('id') id: string,
    @Query() { version = 0 }: z.output<typeof versionQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<json.ArticleJson> {
    const { article } = await this.knowledge.getArticle({ id, version });
    return tagged(reply, json.articleOf(article!));
  }

  @Route('PUT', '/v1/knowledge/articles/:id', {
    tag,
    summary: 'Store the next version of an article.',
    allow: ['admin'],
    headers: ifMatch,
    body: json.newArticle,
    answer: json.articleSchema,
  })
  async update(
    @Param('id') id: string,
    @Body() body: json.NewArticle,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<json.ArticleJson> {
    const expectedVersion = versionOf(match);
    const { article } = await this.knowledge
      .updateArticle({ article: json.toArticle(body, id), expectedVersion })
      .catch((error: unknown) => refuseMismatch(error, expectedVersion));
    return tagged(reply, json.articleOf(article!));
  }

  @Route('DELETE', '/v1/knowledge/articles/:id', {
    tag,
    summary: 'Take an article out of search.',
    allow: ['admin'],
    headers: ifMatch,
  })
  async delete(@Param('id') id: string, @Headers('if-match') match: string | undefined): Promise<void> {
    const expectedVersion = versionOf(match);
    await this.knowledge
      .deleteArticle({ id, expectedVersion })
      .catch((error: unknown) => refuseMismatch(error, expectedVersion));
  }

  @Route('POST', '/v1/knowledge/import', {
    tag,
    summary: 'Import many articles; a row with the externalId of a stored article updates it.',
    allow: ['admin'],
    body: importBody,
    consumes: ['application/json', ...rowTypes],
    bodyLimit: bulkLimit,
    answer: report,
    patience: 'bulk',
  })
  async import(@Body() body: unknown, @Req() request: FastifyRequest): Promise<z.input<typeof report>> {
    const rows = await importRows(body, request.headers['content-type'] ?? '');
    const reports: z.input<typeof report>['rows'] = rows.map((row, index) => ({
      row: index + 1,
      outcome: 'refused',
      ...('error' in row && { error: row.error }),
    }));
    const good = rows.flatMap((row, index) => ('article' in row ? [{ index, article: row.article }] : []));
    for (const batch of batches(good, ({ article }) => article)) {
      const imported = await this.knowledge.importArticles({
        articles: batch.map(({ article }) => json.toArticle(article)),
      });
      for (const [place, { outcome, articleId, error }] of imported.rows.entries()) {
        Object.assign(reports[batch[place]!.index]!, {
          outcome: outcomeNames[outcome],
          ...(articleId && { articleId }),
          ...(error && { error }),
        });
      }
    }
    const counts = { ...outcomes };
    for (const { outcome } of reports) counts[outcome] += 1;
    return { ...counts, rows: reports };
  }

  @Route('POST', '/v1/knowledge/search', {
    tag,
    summary: 'Find passages for a question, as the bot would.',
    allow: ['admin'],
    body: question,
    answer: found,
  })
  async search(
    @Body() { query, locale = '', limit = 5 }: z.output<typeof question>,
  ): Promise<z.input<typeof found>> {
    const { passages } = await this.knowledge.search({ query, locale, limit });
    return { passages: passages.map(json.passageOf) };
  }
}

/** The version stands in the ETag (RFC 9110, section 8.8.3), as the number it is. */
function tagged(reply: FastifyReply, article: json.ArticleJson): json.ArticleJson {
  reply.header('etag', `"${article.version}"`);
  return article;
}

/** 0 for any version. */
function versionOf(match: string | undefined): number {
  if (match === undefined || match === '*') return 0;
  const version = /^"(\d{1,9})"$/.exec(match)?.[1];
  if (version !== undefined && version !== '0') return Number(version);
  throw new Refusal(412, 'precondition_failed', 'If-Match names no version of this article.');
}

function refuseMismatch(error: unknown, expectedVersion: number): never {
  if (codeOf(error) !== 'failed_precondition' || expectedVersion === 0) throw error;
  const detail = 'The article has changed since: read it again, and edit that version.';
  throw new Refusal(412, 'precondition_failed', detail);
}
