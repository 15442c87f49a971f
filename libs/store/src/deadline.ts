/** The moment from which on nobody waits for a transaction. */
import { AppError } from '@frontdesk/core';

/** How late the server's own time-out may be before the wait for it is given up. */
const GRACE_MS = 100;

export class Deadline {
  private readonly at: number;
  private readonly timer: NodeJS.Timeout;
  private readonly over: Promise<never>;

  constructor(inMs: number) {
    this.at = Date.now() + inMs;
    let end: () => void;
    this.over = new Promise((_, reject) => (end = () => reject(tooLate())));
    this.over.catch(() => {});
    this.timer = setTimeout(() => end(), inMs + GRACE_MS);
  }

  /** Milliseconds left, at least 1. Throws `deadline_exceeded` when there are none. */
  leftMs(): number {
    const leftMs = this.at - Date.now();
    if (leftMs <= 0) throw tooLate();
    return Math.ceil(leftMs);
  }

  /** Throws `deadline_exceeded` when it has passed. */
  check(): void {
    this.leftMs();
  }

  /** The promise's outcome, unless it is later than the deadline. */
  bound<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.over]);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

function tooLate(): AppError {
  return new AppError('deadline_exceeded', 'The database did not finish before the deadline.');
}
