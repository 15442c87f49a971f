/**
 * When a failed call is tried again: only `unavailable`, only a method its contract declares idempotent
 * (`idempotency_level`), only before the first message of a stream, only while the deadline leaves room, and only
 * while most calls succeed, so that retries never multiply an outage (gRFC A6, retry throttling).
 */
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { DescMethod } from '@bufbuild/protobuf';
import type { AppError } from '@frontdesk/core';

const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 50;

/** A retry costs a token and a success earns a tenth of one; below half of the tokens nothing is retried. */
const TOKENS = 10;
const TOKENS_PER_SUCCESS = 0.1;

export function isIdempotent(method: DescMethod): boolean {
  return method.idempotency !== IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
}

/** One for each client: what its recent calls came to. */
export class RetryBudget {
  private tokens = TOKENS;

  succeeded(): void {
    if (this.tokens < TOKENS) this.tokens = Math.min(TOKENS, this.tokens + TOKENS_PER_SUCCESS);
  }

  /**
   * Milliseconds to wait before the next attempt, or undefined to give up. `attempt` is the one which failed,
   * from 1. The wait doubles, with ±20 % jitter, and is never shorter than the callee asks for.
   */
  waitAfter(error: AppError, attempt: number, remainingMs: number): number | undefined {
    if (error.code !== 'unavailable') return undefined;
    this.tokens = Math.max(0, this.tokens - 1);
    if (attempt >= MAX_ATTEMPTS || this.tokens <= TOKENS / 2) return undefined;
    const backoffMs = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.8 + 0.4 * Math.random());
    const waitMs = Math.max(backoffMs, error.retryAfterMs ?? 0);
    return waitMs < remainingMs ? waitMs : undefined;
  }
}
