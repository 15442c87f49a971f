import { AppError } from '@frontdesk/core';

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
      const next = await within(iterator.next(), limitMs);
      if (next.done) return;
      yield next.value;
      limitMs = nextMs;
    }
  } finally {
    // A source that hangs would hang here too, so nobody waits for it.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('deadline_exceeded', `Nothing came for ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
