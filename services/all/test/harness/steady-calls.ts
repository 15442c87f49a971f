/** Calls at a steady pace, whether or not earlier ones were answered, and what became of them. */
export interface Outcome {
  readonly answered: number;
  readonly failures: readonly unknown[];
  /** Milliseconds to the slowest answer. */
  readonly slowestMs: number;
  /** Milliseconds within which 99 of 100 were answered. */
  readonly p99Ms: number;
}

export class SteadyCalls implements Disposable {
  private readonly took: number[] = [];
  private readonly failures: unknown[] = [];
  private readonly open = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private begun = 0;

  constructor(
    perSecond: number,
    private readonly call: (index: number) => Promise<unknown>,
  ) {
    const startedAt = performance.now();
    // By the clock: what a late timer missed is caught up.
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
      while (this.begun < due) this.begin(this.begun++);
    }, 1_000 / perSecond);
  }

  /** Waits for the last answer. */
  async stop(): Promise<Outcome> {
    this[Symbol.dispose]();
    await Promise.all(this.open);
    const sorted = this.took.toSorted((a, b) => a - b);
    return {
      answered: sorted.length,
      failures: this.failures,
      slowestMs: sorted.at(-1) ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    };
  }

  /** Begins no more of them. */
  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private begin(index: number): void {
    const startedAt = performance.now();
    const ended = this.call(index)
      .then(() => void this.took.push(performance.now() - startedAt))
      .catch((error: unknown) => void this.failures.push(error))
      .finally(() => this.open.delete(ended));
    this.open.add(ended);
  }
}
