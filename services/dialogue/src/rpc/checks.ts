/** The checks of untrusted input that every caller gets alike, whichever way it came in. */
import { AppError } from '@frontdesk/core';
import { controlCharacters, longestText } from '../conversation/text.js';

const mostAttributes = 32;

/** A message's words: trimmed, 1 to 8,000 characters, no control characters. */
export function textOf(given: string): string {
  const text = given.trim();
  if (text === '') throw refused('text', 'must not be empty');
  return atMost(text, 'text', longestText);
}

export function atMost(given: string, field: string, limit: number): string {
  if (given.length > limit)
    throw refused(field, `must have at most ${limit.toLocaleString('en')} characters`);
  if (controlCharacters.test(given)) throw refused(field, 'must not contain control characters');
  if (!given.isWellFormed()) throw refused(field, 'must not contain half characters');
  return given;
}

export function required(given: string, field: string): string {
  if (given === '') throw refused(field, 'is required');
  return given;
}

/** Free attributes of a customer: at most 32, names of up to 64 and values of up to 500 characters. */
export function attributesOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(given);
  if (entries.length > mostAttributes)
    throw refused('customer.attributes', `must have at most ${mostAttributes} entries`);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      required(atMost(name, 'customer.attributes', 64), 'customer.attributes'),
      atMost(value, `customer.attributes.${name}`, 500),
    ]),
  );
}

export function ratingOf(given: number): number {
  if (given < 1 || given > 5) throw refused('rating', 'must be from 1 to 5');
  return given;
}

/** A position in a log; one beyond every log stands for its end. */
export function positionOf(given: bigint): number {
  return Math.min(Number(given), Number.MAX_SAFE_INTEGER);
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid_argument', `${field} ${message}.`, { fields: [{ field, message }] });
}
