/** Pieces of requests and answers that several routes share. */
import { z } from 'zod';

// What a terminal, a log or a database could trip over; line breaks and tabs are text.

const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

const controlsAndBreaks = /[\u0000-\u001F\u007F]/;

/** Text of several lines, counted in UTF-16 units. */
export const prose = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !controls.test(text), 'must not contain control characters');

/** A name, an id, a tag: one line. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !controlsAndBreaks.test(text), 'must not contain control characters');

/** BCP 47. */
export const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$/, 'must be a language tag such as zh or en-GB');

export const bot = line(64).describe('Name of a bot; the default one when absent.');
export const ofBot = z.strictObject({ bot: bot.optional() });
export const botInBody = ofBot.optional();
export type OfBot = z.output<typeof ofBot>;
export type BotInBody = z.output<typeof botInBody>;

export const time = z.string().describe('RFC 3339, UTC.');

/** A position in a list, from a query. */
export const limit = (most: number) => z.coerce.number().int().min(1).max(most).optional();
export const cursor = line(128).optional().describe('`nextCursor` of the page before.');
export const nextCursor = z.string().nullable().describe('Where the next page starts; null at the end.');

/** For POSTs that need no body: none at all, or an empty object. */
export const nothing = z.strictObject({}).optional();

/** One page of the ids a list is in the order of, cut from one row too many. */
export function page<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? items.at(-1)!.id : null };
}
