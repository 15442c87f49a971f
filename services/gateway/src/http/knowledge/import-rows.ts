/**
 * The rows of an import: JSON (an array), JSON lines or CSV, each row an article or a `{query, response, context}`
 * pair. A row that cannot be read spoils no other: it is reported in its place.
 */
import { detectLanguage } from '@frontdesk/core';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { AppError } from '@frontdesk/core';
import { line, locale, prose } from '../schemas.js';
import { newArticle, type NewArticle } from './article.json.js';

export type ImportRow = { readonly article: NewArticle } | { readonly error: string };

export const mostRows = 10_000;

const pair = z.strictObject({
  query: line(500),
  response: prose(20_000),
  context: prose(8_000, 0).optional(),
  locale: locale.optional(),
});
/** Columns of a CSV file which hold several values, one per line or parted by `|`. */
const severalValues = ['questions', 'tags'] as const;

/** Throws `invalid_argument` when there are too many rows, or the whole cannot be read as what it claims to be. */
export async function importRows(body: unknown, contentType: string): Promise<ImportRow[]> {
  const rows = await parsedRows(body, contentType.split(';', 1)[0]!.trim().toLowerCase());
  if (rows.length === 0) throw refused('There are no rows.');
  if (rows.length > mostRows)
    throw refused(`There are ${rows.length} rows; send at most ${mostRows} at a time.`);
  return rows.map((row) => (row instanceof Unreadable ? { error: row.message } : importRow(row)));
}

async function parsedRows(body: unknown, type: string): Promise<unknown[]> {
  if (!Buffer.isBuffer(body)) return Array.isArray(body) ? body : [body];
  return type === 'text/csv' ? csvRows(body) : jsonLines(body.toString('utf8'));
}

function jsonLines(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .filter((row) => row.trim() !== '')
    .map((row) => {
      try {
        return JSON.parse(row) as unknown;
      } catch {
        return new Unreadable('is not valid JSON');
      }
    });
}

async function csvRows(body: Buffer): Promise<unknown[]> {
  const parser = parse(body, { columns: true, bom: true, trim: true, skip_records_with_empty_values: true });
  const rows: unknown[] = [];
  try {
    for await (const record of parser as AsyncIterable<Record<string, string>>) {
      const row: Record<string, unknown> = Object.fromEntries(
        Object.entries(record).filter(([, value]) => value !== ''),
      );
      for (const column of severalValues) {
        const values = record[column];
        if (values) row[column] = values.split(/\s*(?:\||\r?\n)\s*/).filter(Boolean);
      }
      rows.push(row);
      if (rows.length > mostRows) break;
    }
  } catch (error) {
    throw refused(`The CSV cannot be read: ${(error as Error).message}.`);
  }
  return rows;
}

class Unreadable {
  constructor(readonly message: string) {}
}

function importRow(given: unknown): ImportRow {
  const asPair = typeof given === 'object' && given !== null && 'query' in given;
  const parsed = asPair ? pair.safeParse(given) : newArticle.safeParse(withLocale(given));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return { error: `${path.join('.') || 'The row'}: ${message}` };
  }
  return { article: 'query' in parsed.data ? articleOfPair(parsed.data) : parsed.data };
}

/** A pair's question is its title; the context, where there is one, comes before the answer. */
function articleOfPair({ query, response, context, locale }: z.output<typeof pair>): NewArticle {
  const answer = context ? `${context}\n\n${response}` : response;
  return { title: query.slice(0, 200), questions: [query], answer, locale: locale ?? languageOf(response) };
}

function withLocale(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || 'locale' in given) return given;
  const { answer } = given as { answer?: unknown };
  return { ...given, locale: languageOf(typeof answer === 'string' ? answer : '') };
}

function languageOf(text: string): string {
  return detectLanguage(text).language;
}

function refused(message: string): AppError {
  return new AppError('invalid_argument', message);
}
