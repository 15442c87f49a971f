/** Waiting that ends early when it should. */

/** Resolves true after `ms`, or false as soon as `leaving` is aborted. */
export function pause(ms: number, leaving: AbortSignal): Promise<boolean> {
  if (leaving.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      leaving.removeEventListener('abort', end);
      resolve(!leaving.aborted);
    };
    const timer = setTimeout(end, ms);
    leaving.addEventListener('abort', end);
  });
}

/** Doubles from `firstMs` up to `longestMs`, ±25 % so that replicas do not come back as one. */
export function backoff(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
}
