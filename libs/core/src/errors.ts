/**
 * One error type for the whole mesh. Services throw it, transports carry it, edges translate it once:
 * gRPC status in libs/rpc, RFC 9457 problem in the gateway, retry or dead letter in libs/events.
 * Compare `code`; never `instanceof`, which fails across package copies.
 */

/** The gRPC status names (https://grpc.io/docs/guides/status-codes/), with their numbers on the wire. */
export const ErrorCode = {
  cancelled: 1,
  unknown: 2,
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  already_exists: 6,
  permission_denied: 7,
  resource_exhausted: 8,
  failed_precondition: 9,
  aborted: 10,
  out_of_range: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  data_loss: 15,
  unauthenticated: 16,
} as const;

export type ErrorCode = keyof typeof ErrorCode;

/** One field of the request that was refused, e.g. `{ field: 'customer.id', message: 'is required' }`. */
export interface FieldViolation {
  readonly field: string;
  readonly message: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** What was wrong with which field; only with `invalid_argument`. */
  readonly fields?: readonly FieldViolation[];
  /** Milliseconds after which the same call may succeed. */
  readonly retryAfterMs?: number;
}

/** `message` is shown to the caller: a sentence that says what to do, never a secret or a stack. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly fields: readonly FieldViolation[];
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fields = options.fields ?? [];
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}

/** The code of any thrown value: `unknown` unless it is an AppError. */
export function codeOf(error: unknown): ErrorCode {
  return isAppError(error) ? error.code : 'unknown';
}

/**
 * Any thrown value as an AppError. A foreign error becomes `internal` with a neutral message, so that nothing
 * of its text reaches a caller; the original stays in `cause` for the log.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('cancelled', 'The call was cancelled.', { cause: error });
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error });
}

/** Whether the same call, unchanged, may succeed later. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'unavailable' || code === 'resource_exhausted' || code === 'aborted' || code === 'unknown';
}
