/** What a PostgreSQL error means to the caller (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
import { AppError, isAppError, type ErrorCode } from '@frontdesk/core';

type Meaning = readonly [code: ErrorCode, message: string];

const TRY_AGAIN: Meaning = ['aborted', 'Another change came in between: try again.'];
const OUT_OF_REACH: Meaning = ['unavailable', 'The database is out of reach: try again shortly.'];
const NOT_STORABLE: Meaning = ['invalid_argument', 'A value has a form or characters that cannot be stored.'];

/** By SQLSTATE. */
const MEANING: Record<string, Meaning> = {
  '23505': ['already_exists', 'It exists already.'],
  '23503': ['failed_precondition', 'Something it refers to, or is referred to by, stands in the way.'],
  '25006': OUT_OF_REACH,
  '40001': TRY_AGAIN,
  '40P01': TRY_AGAIN,
  '42501': ['permission_denied', 'This data belongs to somebody else.'],
  '55P03': TRY_AGAIN,
  '57014': ['deadline_exceeded', 'The database did not finish before the deadline.'],
};

/** By the first two characters of the SQLSTATE. */
const MEANING_OF_CLASS: Record<string, Meaning> = {
  '08': OUT_OF_REACH,
  '22': NOT_STORABLE,
  '53': OUT_OF_REACH,
  '57': OUT_OF_REACH,
};

/**
 * Any error of `pg` as an AppError with the original in `cause` (its `code` is the SQLSTATE, its `constraint` the
 * name of a violated constraint). Errors without an SQLSTATE come from the connection.
 */
export function fromPostgres(error: unknown): AppError {
  if (isAppError(error)) return error;
  const [code, message] = meaningOf(error);
  return new AppError(code, message, { cause: error });
}

/** A table changed its columns under a prepared statement, which fails on this connection from now on. */
export function isStalePlan(error: unknown): boolean {
  const cause = isAppError(error) ? error.cause : error;
  return (cause as { routine?: unknown } | undefined)?.routine === 'RevalidateCachedQuery';
}

function meaningOf(error: unknown): Meaning {
  if (isStalePlan(error)) return TRY_AGAIN;
  const state = (error as { code?: unknown }).code;
  if (typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state)) return OUT_OF_REACH;
  return (
    MEANING[state] ?? MEANING_OF_CLASS[state.slice(0, 2)] ?? ['internal', 'The database refused a statement.']
  );
}
