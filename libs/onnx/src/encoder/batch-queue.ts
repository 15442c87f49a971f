/**
 * Who is encoded next, and together with whom. Customers go before background work; texts of like length go together,
 * since the shorter ones are padded to the longest. The queue is bounded, and whoever would not be served before their
 * deadline is told so at once instead of waiting in vain. Pure: time comes in as a number.
 */
import { AppError } from '@frontdesk/core';

export interface Waiting {
  /** Estimated tokens of the text. */
  readonly size: number;
  /** Milliseconds since the epoch; Infinity for who can wait. */
  readonly deadlineMs: number;
  readonly background: boolean;
}

export interface QueueLimits {
  readonly maxBatch: number;
  /** Customers who may wait; background work is bounded by those who hand it in. */
  readonly maxQueue: number;
}

/** How much longer than the first of a batch a text may be: what is padded is computed for nothing. */
const LIKE_LENGTH = 1.5;
const FEW_TOKENS = 4;
/** Tokens of a batch, padding included: more make nothing cheaper, and a customer may be behind all of them. */
const BATCH_TOKENS = 1_024;
/** Weight of the newest batch in the running mean of the cost of a token. */
const NEWEST = 0.2;

export class BatchQueue<Item extends Waiting> {
  private readonly customers: Item[] = [];
  private readonly background: Item[] = [];
  /** Milliseconds per token; 0 until something was measured. */
  private costPerToken = 0;
  /** Tokens that are being encoded. */
  private underWay = 0;

  constructor(
    private readonly limits: QueueLimits,
    private readonly threads: number,
  ) {}

  get length(): number {
    return this.customers.length + this.background.length;
  }

  /** Throws `resource_exhausted` when too many wait, `deadline_exceeded` when it would come too late. */
  add(item: Item, nowMs: number): void {
    if (item.deadlineMs < nowMs) throw late();
    if (item.background) {
      this.background.push(item);
      return;
    }
    if (this.customers.length >= this.limits.maxQueue)
      throw new AppError('resource_exhausted', 'Too many texts wait to be encoded: try again in a moment.');
    // Who would be next is always let through: a prediction learned from one slow run must be able to be wrong.
    const isBehindOthers = this.customers.length > 0 || this.underWay > 0;
    if (isBehindOthers && nowMs + this.predictedMs(item) > item.deadlineMs) throw late();
    this.customers.push(item);
  }

  /** Milliseconds until an item that came now would be done. */
  predictedMs({ size }: Pick<Waiting, 'size'>): number {
    const ahead = this.customers.reduce((sum, other) => sum + other.size, this.underWay);
    return (ahead / this.threads + size) * this.costPerToken;
  }

  /** The next batch; empty when nothing waits. Who is late by now stays behind, to be cancelled. */
  take(nowMs: number): Item[] {
    const inTime = ({ deadlineMs }: Item) => deadlineMs >= nowMs;
    const queue = this.customers.some(inTime) ? this.customers : this.background;
    const first = queue.find(inTime);
    if (!first) return [];
    const longest = first.size * LIKE_LENGTH + FEW_TOKENS;
    const shortest = first.size / LIKE_LENGTH - FEW_TOKENS;
    let texts = 0;
    let width = 0;
    const batch = this.remove(queue, (item) => {
      const { size } = item;
      if (!inTime(item) || size > longest || size < shortest || texts === this.limits.maxBatch) return false;
      const padded = (texts + 1) * Math.max(width, size);
      if (texts > 0 && padded > BATCH_TOKENS) return false;
      texts++;
      width = Math.max(width, size);
      return true;
    });
    this.underWay += tokensOf(batch);
    return batch;
  }

  /** A batch that was taken is done; what it took teaches the queue to predict. */
  done(batch: readonly Item[], tookMs: number): void {
    const tokens = tokensOf(batch);
    this.underWay -= tokens;
    const cost = tookMs / tokens;
    this.costPerToken = this.costPerToken === 0 ? cost : (1 - NEWEST) * this.costPerToken + NEWEST * cost;
  }

  /** A batch that was taken has failed. */
  failed(batch: readonly Item[]): void {
    this.underWay -= tokensOf(batch);
  }

  /** Takes an item out that nobody waits for any more. */
  cancel(item: Item): void {
    for (const queue of [this.customers, this.background]) this.remove(queue, (other) => other === item);
  }

  /** Everything that waits, which waits no longer. */
  clear(): Item[] {
    return [...this.customers.splice(0), ...this.background.splice(0)];
  }

  private remove(queue: Item[], wanted: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    const kept = queue.filter((item) => {
      const goes = wanted(item);
      if (goes) removed.push(item);
      return !goes;
    });
    if (removed.length > 0) queue.splice(0, queue.length, ...kept);
    return removed;
  }
}

function late(): AppError {
  return new AppError('deadline_exceeded', 'The text could not be encoded before its deadline.');
}

function tokensOf(batch: readonly Waiting[]): number {
  return batch.reduce((sum, { size }) => sum + size, 0);
}

/** Tokens of a text at a glance: a Chinese character is about one, four letters are. At most `most`, where it is cut. */
export function estimateTokens(text: string, most: number): number {
  let tokens = 2;
  for (let i = 0; i < text.length && tokens < most; i++) tokens += text.charCodeAt(i) >= 0x2e80 ? 1 : 0.25;
  return Math.min(tokens, most);
}
