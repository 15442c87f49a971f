/**
 * Errors as strangers see them: RFC 9457 problem details. The one place that turns a thrown value into a status, and
 * the last one that keeps the text of internal errors inside.
 */
import { STATUS_CODES } from 'node:http';
import { toAppError, type AppError, type ErrorCode, type FieldViolation } from '@frontdesk/core';
import { z } from 'zod';

export const problemSchema = z
  .strictObject({
    type: z.string().describe('Always about:blank: `code` tells problems apart.'),
    title: z.string().describe('The status in words.'),
    status: z.int(),
    detail: z.string().describe('What to do about it, for people.'),
    instance: z.string().describe('Path of the request.'),
    code: z.string().describe('What happened, for programs.'),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .describe('What is wrong with which field; only where fields are at fault.'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;

export const problemType = 'application/problem+json';

const statusOf: Readonly<Record<ErrorCode, number>> = {
  cancelled: 499,
  unknown: 500,
  invalid_argument: 422,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 409,
  aborted: 409,
  out_of_range: 422,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
};

/** Seconds after which a try again is welcome, where the error does not say. */
const retryAfterSeconds = 1;

/** A refusal of the edge that no gRPC code has a word for, e.g. 415. Thrown like any error. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Told {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log; set where we are at fault. */
  readonly fault?: AppError;
}

/** What to answer for a thrown value. `url` is the request's, of which only the path is repeated. */
export function problemOf(thrown: unknown, url: string): Told {
  const instance = url.split('?', 1)[0]!;
  const refusal = refusalOf(thrown);
  if (refusal)
    return { problem: describe(refusal.status, refusal.code, refusal.message, instance), headers: {} };

  const error = toAppError(thrown);
  const status = statusOf[error.code];
  const inside = status === 500;
  const detail = inside ? 'Something went wrong on our side.' : error.message;
  return {
    problem: describe(status, error.code, detail, instance, error.fields),
    headers: headersOf(error),
    ...(status >= 500 && { fault: error }),
  };
}

function describe(
  status: number,
  code: string,
  detail: string,
  instance: string,
  fields: readonly FieldViolation[] = [],
): Problem {
  const title = STATUS_CODES[status] ?? 'Client Closed Request';
  const errors = fields.map(({ field, message }) => ({ field, message }));
  return { type: 'about:blank', title, status, detail, instance, code, errors };
}

function headersOf({ code, retryAfterMs }: AppError): Record<string, string> {
  if (code === 'unauthenticated') return { 'www-authenticate': 'Bearer' };
  if (retryAfterMs !== undefined || code === 'unavailable' || code === 'resource_exhausted') {
    const seconds = Math.ceil((retryAfterMs ?? retryAfterSeconds * 1_000) / 1_000);
    return { 'retry-after': String(Math.max(1, seconds)) };
  }
  return {};
}

/** Our own refusals, and those of the web server in our words. */
function refusalOf(thrown: unknown): Refusal | undefined {
  if (thrown instanceof Refusal) return thrown;
  const { code, statusCode } = (thrown ?? {}) as { code?: unknown; statusCode?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined;
  switch (statusCode) {
    case 413:
      return new Refusal(413, 'too_large', 'The body is too large.');
    case 414:
      return new Refusal(414, 'uri_too_long', 'The address is too long.');
    case 415:
      return new Refusal(415, 'unsupported_media_type', 'Send JSON: "Content-Type: application/json".');
    default:
      return code === 'FST_ERR_BAD_URL'
        ? new Refusal(400, 'malformed', 'The address cannot be read.')
        : new Refusal(400, 'malformed', 'The body is not valid JSON in UTF-8.');
  }
}

/** The same for OpenAI's clients, which look for it in the member `error`. */
export function openAiError({ detail, code, status }: Problem): object {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { message: detail, type, param: null, code };
}
