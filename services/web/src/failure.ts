/**
 * Why a call to the gateway did not work, reduced to what a customer can act on. The sentence for each code
 * stands in texts.ts, in the reader's language; `detail` is the gateway's own English sentence.
 */

export type FailureCode =
  | 'unreachable' // no answer at all
  | 'interrupted' // the answer stopped before its end
  | 'unauthorized' // key missing, unknown or revoked
  | 'forbidden'
  | 'gone' // unknown conversation, or another tenant's
  | 'closed' // the conversation, or the handoff, is no longer in a state that allows this
  | 'too_long'
  | 'limited' // too many messages; see retryAfterS
  | 'refused' // this request will never work
  | 'unavailable'; // it may work later

export interface Failure {
  readonly code: FailureCode;
  readonly detail?: string;
  /** Seconds to wait before the same request may work. */
  readonly retryAfterS?: number;
}

/** What the gateway sends with every error (RFC 9457); only the fields read here. */
export interface Problem {
  readonly status?: number;
  readonly code?: string;
  readonly detail?: string;
}

export class GatewayFailure extends Error {
  override readonly name = 'GatewayFailure';
  constructor(readonly failure: Failure) {
    super(failure.detail ?? failure.code);
  }
}

const codeOfStatus: Readonly<Record<number, FailureCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'gone',
  409: 'closed',
  410: 'gone',
  413: 'too_long',
  429: 'limited',
};

/** `retryAfter` is the header as sent: seconds, or an HTTP date. */
export function failureOf(problem: Problem, status: number, retryAfter?: string | null): Failure {
  const otherwise = status >= 400 && status < 500 ? 'refused' : 'unavailable';
  const retryAfterS = retryAfter ? secondsUntil(retryAfter) : undefined;
  return {
    code: codeOfStatus[status] ?? otherwise,
    ...(problem.detail ? { detail: problem.detail } : {}),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  };
}

export function failureOfError(error: unknown): Failure {
  if (error instanceof GatewayFailure) return error.failure;
  return { code: 'unreachable', detail: String(error) };
}

/** Whether trying the same again, unchanged, can help. */
export function mayRetry({ code }: Failure): boolean {
  return code === 'unreachable' || code === 'interrupted' || code === 'limited' || code === 'unavailable';
}

function secondsUntil(retryAfter: string): number | undefined {
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}
