/**
 * Finds what identifies a person in free text, Chinese or English: numbers by their check digits and surroundings, codes
 * by their form, names and postal addresses where the text says that they are. Full-width, grouped, spelled in Chinese
 * numerals (一三八…), with invisible characters inside: all the same. Order numbers, tracking numbers, prices and public
 * hotlines are left alone. Every look-around is bounded: time is linear in the text.
 */
import { findAddresses } from './pii-addresses.js';
import { findCodes } from './pii-codes.js';
import { findNames } from './pii-names.js';
import { findNumbers } from './pii-numbers.js';
import { Placeholders } from './pii-placeholders.js';
import type { PiiSpan } from './pii-span.js';
import { plainText } from './plain-text.js';

/** All spans in order of `start`, without overlaps: a form of its own wins over words around it. */
export function findPii(text: string): PiiSpan[] {
  const plain = plainText(text);
  const taken = new Uint8Array(plain.cased.length);
  const spans: PiiSpan[] = [];
  for (const find of [findCodes, findNumbersIn, findAddresses, findNames]) {
    for (const { type, value, start, end } of find(plain)) {
      if (taken.subarray(start, end).includes(1)) continue;
      taken.fill(1, start, end);
      spans.push({ type, value, ...plain.spanOf(start, end) });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

const findNumbersIn = ({ folded }: { folded: string }) => findNumbers(folded);

/**
 * The text with a placeholder for every span: `call [PHONE_1] or write to [EMAIL_1]`. With the table of a conversation
 * the same person's phone has the same name in each of its messages. Placeholders in a text are left alone.
 */
export function maskPii(text: string, placeholders = new Placeholders()): string {
  let masked = '';
  let from = 0;
  for (const span of findPii(text)) {
    const name = placeholders.nameOf(span, text.slice(span.start, span.end));
    masked += `${text.slice(from, span.start)}${name}`;
    from = span.end;
  }
  return masked + text.slice(from);
}
