/**
 * How one record is given to a group's handler: tried in place, with pauses, then put aside. Both adapters deliver
 * through here, so that failure feels the same with Kafka and without.
 */
import { codeOf, isAppError, type ErrorCode } from '@frontdesk/core';
import type { ConsumeOptions, EventRecord } from './event-bus.js';
import { backoff, pause } from './pause.js';

/** With the last pause and the 10 s an attempt may take, a failing record holds up those behind it for at most 30 s. */
const PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 4_000;

/**
 * Unlike a caller, a record has time, and what it misses may come with another event: only what names a fault of the
 * record itself is final.
 */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'invalid_argument',
  'out_of_range',
  'unimplemented',
  'data_loss',
]);

/** Why a record is put aside. */
export interface Failure {
  /** Code and message; of a foreign error the name alone, for its message may quote data. */
  readonly reason: string;
  readonly attempts: number;
  readonly error: unknown;
}

/** `left`: the group was left before the record was settled; another member will get it. */
export type Delivery = 'handled' | 'left' | Failure;

export async function deliver(
  record: EventRecord,
  { handle, healthy, patienceMs = PATIENCE_MS }: ConsumeOptions,
  leaving: AbortSignal,
): Promise<Delivery> {
  let patienceEnds = Date.now() + patienceMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      await handle(record);
      return 'handled';
    } catch (error) {
      if (healthy && !(await healthy())) patienceEnds = Date.now() + patienceMs;
      else if (FINAL.has(codeOf(error)) || Date.now() >= patienceEnds) {
        return { reason: reasonOf(error), attempts, error };
      }
    }
    if (!(await pause(backoff(attempts, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), leaving))) return 'left';
  }
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return `${error.code}: ${error.message}`;
  return `unknown: ${error instanceof Error ? error.name : typeof error}`;
}
