/**
 * Long computations in small slices. A computation is a generator which yields whenever it could pause; it runs to
 * its end at once, or lets waiting requests through every few milliseconds.
 */
import { setImmediate } from 'node:timers/promises';

/** Yields nothing of interest; its result is what it returns. */
export type Sliced<T> = Generator<void, T, void>;

/** Longer than this nobody waits for the event loop. */
const SLICE_MS = 2;

export function runAtOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

export async function runInSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      const step = work.next();
      if (step.done) return step.value;
    }
    await setImmediate();
  }
}
