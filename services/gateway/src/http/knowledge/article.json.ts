/** Articles and passages as JSON. */
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Article, ArticleSchema, Passage } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { z } from 'zod';
import { timeOf } from '../conversations/conversation.json.js';
import { line, locale, prose, time } from '../schemas.js';

const moment = z.iso.datetime({ offset: true }).describe('RFC 3339.');

export const newArticle = z.strictObject({
  title: line(200),
  questions: z.array(line(500)).max(100).describe('Ways to ask for it.'),
  answer: prose(20_000).describe('Plain text or Markdown.'),
  locale,
  tags: z.array(line(64)).max(32).optional(),
  validFrom: moment.optional().describe('Found from here on.'),
  validTo: moment.optional().describe('Found until here.'),
  externalId: line(128).optional().describe("The editor's own id, unique in the tenant."),
});

export const articleSchema = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    questions: z.array(z.string()),
    answer: z.string(),
    locale: z.string(),
    tags: z.array(z.string()),
    validFrom: time.nullable(),
    validTo: time.nullable(),
    version: z.int().describe('From 1, one more with each change.'),
    updatedAt: time,
    externalId: z.string().optional(),
  })
  .meta({ id: 'Article' });

export const passageSchema = z
  .strictObject({
    id: z.string(),
    articleId: z.string(),
    title: z.string(),
    text: z.string(),
    score: z.number().describe('0 to 1, comparable between questions.'),
    locale: z.string(),
  })
  .meta({ id: 'Passage' });

export type NewArticle = z.output<typeof newArticle>;
export type ArticleJson = z.output<typeof articleSchema>;

export function articleOf(article: Article): ArticleJson {
  const { id, title, questions, answer, locale, tags, validFrom, validTo, version, updatedAt, externalId } =
    article;
  return {
    id,
    title,
    questions,
    answer,
    locale,
    tags,
    validFrom: validFrom ? timeOf(validFrom) : null,
    validTo: validTo ? timeOf(validTo) : null,
    version,
    updatedAt: timeOf(updatedAt),
    ...(externalId && { externalId }),
  };
}

export function toArticle(
  { validFrom, validTo, ...article }: NewArticle,
  id = '',
): MessageInitShape<typeof ArticleSchema> {
  return {
    ...article,
    id,
    ...(validFrom && { validFrom: timestampFromDate(new Date(validFrom)) }),
    ...(validTo && { validTo: timestampFromDate(new Date(validTo)) }),
  };
}

export function passageOf({
  id,
  articleId,
  title,
  text,
  score,
  locale,
}: Passage): z.output<typeof passageSchema> {
  return { id, articleId, title, text, score, locale };
}
