/** The checks of untrusted text that every caller gets alike, whichever way it came in. */
import { AppError } from '@frontdesk/core';

const maxCharacters = 8_000;
// Everything a terminal or a log could trip over; line breaks and tabs are text.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

/** A message's words: trimmed, 1 to 8,000 characters, no control characters. */
export function textOf(given: string): string {
  const text = given.trim();
  if (text === '') throw refused('text', 'must not be empty');
  if (text.length > maxCharacters)
    throw refused('text', `must have at most ${maxCharacters.toLocaleString('en')} characters`);
  if (controlCharacters.test(text)) throw refused('text', 'must not contain control characters');
  return text;
}

export function atMost(given: string, field: string, limit: number): string {
  if (given.length > limit) throw refused(field, `must have at most ${limit} characters`);
  if (controlCharacters.test(given)) throw refused(field, 'must not contain control characters');
  return given;
}

export function required(given: string, field: string): string {
  if (given === '') throw refused(field, 'is required');
  return given;
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid_argument', `${field} ${message}.`, { fields: [{ field, message }] });
}
