/**
 * Follows a stream of server-sent events for as long as the page lives: reconnects after the last event it saw,
 * waiting longer after each failure in a row, and gives up only where trying again cannot help.
 */
import { failureOfError, mayRetry, type Failure } from './failure.js';
import type { ServerEvent } from './sse.js';

export interface WatchOptions {
  /** Opens the stream after the event `lastEventId` (empty: from now on). */
  readonly open: (lastEventId: string) => Promise<AsyncIterable<ServerEvent>>;
  readonly from: string;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onConnected: (connected: boolean) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Resolves with the failure that ended it, or with nothing once `signal` is aborted. */
export async function watch(options: WatchOptions): Promise<Failure | undefined> {
  const { open, onEvent, onConnected, sleep, signal } = options;
  let lastEventId = options.from;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const events = await open(lastEventId);
      onConnected(true);
      for await (const event of events) {
        failures = 0;
        lastEventId = event.id || lastEventId;
        onEvent(event);
      }
    } catch (error) {
      const failure = failureOfError(error);
      if (signal.aborted) return undefined;
      if (!mayRetry(failure)) return failure;
    }
    if (signal.aborted) return undefined;
    onConnected(false);
    await sleep(backoffMs(failures, Math.random()));
  }
  return undefined;
}

/** 0.5–1 s after the first failure, doubling to 15–30 s; `spread` in [0, 1) keeps many pages from coming at once. */
export function backoffMs(failures: number, spread: number): number {
  const longest = Math.min(30_000, 1_000 * 2 ** failures);
  return Math.round(longest / 2 + (longest / 2) * spread);
}
