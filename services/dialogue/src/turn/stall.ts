import { within } from '@frontdesk/core';

/**
 * The same pieces, but with a limit on each wait: `firstMs` for the first piece, `nextMs` for every other one. Throws
 * `deadline_exceeded` when a limit passes, and then lets the source go.
 */
export async function* untilStalled<T>(
  source: AsyncIterable<T>,
  firstMs: number,
  nextMs: number,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let limitMs = firstMs;
  try {
    for (;;) {
      const next = await within(iterator.next(), limitMs, `Nothing came for ${limitMs} ms.`);
      if (next.done) return;
      yield next.value;
      limitMs = nextMs;
    }
  } finally {
    // A source that hangs would hang here too, so nobody waits for it.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
