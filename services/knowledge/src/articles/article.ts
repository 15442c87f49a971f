/**
 * An article: one answer with the questions that lead to it. Pure: what a valid one is, and when two say the same.
 */
import { createHash } from 'node:crypto';
import { AppError, type FieldViolation } from '@frontdesk/core';

/** What an editor writes. */
export interface Draft {
  readonly title: string;
  readonly questions: readonly string[];
  /** Plain text or Markdown. */
  readonly answer: string;
  /** BCP 47. */
  readonly locale: string;
  readonly tags: readonly string[];
  /** Found from here on; undefined: always. */
  readonly validFrom: Date | undefined;
  /** Found until here, exclusive; undefined: for ever. */
  readonly validTo: Date | undefined;
  /** The editor's own id, unique among the tenant's articles. */
  readonly externalId: string | undefined;
}

export interface Article extends Draft {
  readonly id: string;
  /** From 1, one more with each change. */
  readonly version: number;
  /** When this version was stored. */
  readonly updatedAt: Date;
}

const MAX_QUESTIONS = 100;
const MAX_TAGS = 32;
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');
const LOCALE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
/** NUL and its kin, which no store or terminal takes; tabs and line breaks are text. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

/** The draft as it is stored, trimmed. Throws `invalid_argument` with all that is wrong with it. */
export function checked(draft: Draft): Draft {
  const trimmed: Draft = {
    ...draft,
    title: clean(draft.title),
    questions: draft.questions.map(clean),
    answer: clean(draft.answer),
    tags: draft.tags.map(clean),
    externalId: clean(draft.externalId ?? '') || undefined,
  };
  const fields = [...violations(trimmed)];
  if (fields.length === 0) return trimmed;
  const message = fields.map((violation) => `${violation.field} ${violation.message}`).join('; ');
  throw new AppError('invalid_argument', `The article cannot be stored: ${message}.`, { fields });
}

/** Trimmed, and without halves of characters, which no store takes. */
function clean(text: string): string {
  return text.trim().toWellFormed();
}

function* violations(draft: Draft): Generator<FieldViolation> {
  yield* textViolations('title', draft.title, 200);
  if (draft.questions.length > MAX_QUESTIONS)
    yield { field: 'questions', message: `must be at most ${MAX_QUESTIONS}` };
  for (const [i, question] of draft.questions.slice(0, MAX_QUESTIONS).entries()) {
    yield* textViolations(`questions[${i}]`, question, 500);
  }
  yield* textViolations('answer', draft.answer, 20_000);
  if (draft.locale.length > 35 || !LOCALE.test(draft.locale)) {
    yield { field: 'locale', message: 'must be a language tag such as "zh" or "en-GB"' };
  }
  if (draft.tags.length > MAX_TAGS) yield { field: 'tags', message: `must be at most ${MAX_TAGS}` };
  for (const [i, tag] of draft.tags.slice(0, MAX_TAGS).entries())
    yield* textViolations(`tags[${i}]`, tag, 64);
  if (draft.externalId !== undefined) yield* textViolations('externalId', draft.externalId, 200);
  for (const field of ['validFrom', 'validTo'] as const) {
    const time = draft[field]?.getTime() ?? 0;
    if (!(FIRST_MOMENT <= time && time <= LAST_MOMENT))
      yield { field, message: 'must be in the years 1 to 9999' };
  }
  if (draft.validFrom && draft.validTo && draft.validFrom >= draft.validTo) {
    yield { field: 'validTo', message: 'must be later than validFrom' };
  }
}

function* textViolations(field: string, text: string, limit: number): Generator<FieldViolation> {
  if (text === '') yield { field, message: 'must not be empty' };
  if (text.length > limit)
    yield { field, message: `must have at most ${limit.toLocaleString('en')} characters` };
  if (CONTROL.test(text)) yield { field, message: 'must not contain control characters' };
}

/** Equal for drafts that say the same; hexadecimal SHA-256. */
export function digestOf({
  title,
  questions,
  answer,
  locale,
  tags,
  validFrom,
  validTo,
  externalId,
}: Draft): string {
  const content = [
    title,
    questions,
    answer,
    locale,
    tags,
    validFrom ?? null,
    validTo ?? null,
    externalId ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
