/**
 * Finds what identifies a person in free text: phone numbers, e-mail addresses, Chinese resident identity numbers and
 * bank cards, also when written full-width, in groups, or in Chinese numerals (一三八…). Order numbers, tracking
 * numbers, prices and public hotlines are left alone. One pass, bounded look-around: time is linear in the text.
 */

import { findNumbers } from './pii-numbers.js';
import { foldWidth } from './fold-width.js';

export type PiiType = 'phone' | 'email' | 'id_number' | 'bank_card';

export interface PiiSpan {
  readonly type: PiiType;
  /** UTF-16 offsets: `text.slice(start, end)` is what was written. */
  readonly start: number;
  readonly end: number;
  /** The normal form: ASCII digits without separators (a leading `+` kept), or the address in lower case. */
  readonly value: string;
}

/** All spans in order of `start`, without overlaps. */
export function findPii(text: string): PiiSpan[] {
  const emails = findEmails(text);
  const numbers = findNumbers(text).filter(
    (span) => !emails.some((email) => span.start < email.end && email.start < span.end),
  );
  return [...emails, ...numbers].sort((a, b) => a.start - b.start);
}

/** The text with every span replaced by its type in brackets: `call [phone] or write to [email]`. */
export function maskPii(text: string): string {
  let masked = '';
  let from = 0;
  for (const { type, start, end } of findPii(text)) {
    masked += `${text.slice(from, start)}[${type}]`;
    from = end;
  }
  return from === 0 ? text : masked + text.slice(from);
}

/** RFC 5321 section 4.5.3.1: 64 octets before the @, 255 after. */
const LOCAL_PART = /[a-z0-9._%+-]{1,64}$/;
const DOMAIN = /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/;

function findEmails(text: string): PiiSpan[] {
  const spans: PiiSpan[] = [];
  let floor = 0;
  for (let at = nextAt(text, 0); at >= 0; at = nextAt(text, at + 1)) {
    const local = LOCAL_PART.exec(foldWidth(text.slice(Math.max(floor, at - 64), at)))?.[0].replace(
      /^[.%+-]+/,
      '',
    );
    const domain = DOMAIN.exec(foldWidth(text.slice(at + 1, at + 256)))?.[0];
    if (!local || !domain) continue;
    floor = at + 1 + domain.length;
    spans.push({ type: 'email', start: at - local.length, end: floor, value: `${local}@${domain}` });
  }
  return spans;
}

function nextAt(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '@' || text[i] === '＠') return i;
  return -1;
}
