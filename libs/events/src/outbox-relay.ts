/**
 * Sends what the outbox holds.
 *
 * Promises: every committed event reaches the bus at least once, events of one key in the order of their commits,
 * however many relays there are, and whichever of them is killed or paused. A bus that is away delays events and
 * nothing else.
 *
 * One relay at a time speaks for a service: it holds a lease while it has batches in hand, and no database
 * transaction. Why order holds even when the lease is lost unnoticed: a row is deleted only after it was published,
 * and a relay reads a key from its first row on; so it can repeat what consumers have seen, but never overtake it.
 */
import { setTimeout } from 'node:timers/promises';
import { codeOf, newId } from '@frontdesk/core';
import type { Database } from '@frontdesk/store';
import { silentLog, type EventBus, type EventLog } from './event-bus.js';
import { OutboxTable, type OutboxRow, type PendingEvents, type Refusal } from './outbox-table.js';
import { backoff, pause } from './pause.js';

/** Batches handed to the bus and not settled. Several, so that one slow consumer in this process holds up one. */
const BATCHES_IN_HAND = 16;
const RENEW_LEASE_MS = 1_500;
/** Finds what a dead replica left behind; commits of this process wake the relay at once. */
const POLL_MS = 1_000;
const STANDBY_MS = 50;
/** Between two small batches, so that a busy service sends few large ones. */
const GATHER_MS = 5;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;
const STOP_MS = 5_000;

export class OutboxRelay {
  private readonly table: OutboxTable;
  /** Positions read and not yet deleted. */
  private readonly inHand = new Set<number>();
  private readonly batches = new Set<Promise<void>>();
  private sent: number[] = [];
  private refused: Refusal[] = [];
  private failures = 0;
  /** How often rows went back to be read again. */
  private putBacks = 0;
  private running: Promise<void> | undefined;
  private readonly leaving = new AbortController();
  private woken = false;
  private endRest: (() => void) | undefined;

  constructor(
    db: Database,
    private readonly bus: EventBus,
    private readonly log: EventLog = silentLog,
  ) {
    this.table = new OutboxTable(db, newId());
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There is something to do. */
  wake(): void {
    this.woken = true;
    this.endRest?.();
  }

  /** Finishes what is in hand, for at most 5 s; the rest stays in the outbox. */
  async stop(): Promise<void> {
    this.leaving.abort();
    this.wake();
    await this.running;
    await Promise.race([Promise.all(this.batches), setTimeout(STOP_MS, undefined, { ref: false })]);
    await this.step().catch(() => {});
  }

  /** How far behind it is, for metrics; one query. */
  pending(): Promise<PendingEvents> {
    return this.table.pending();
  }

  private async run(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      this.woken = false;
      try {
        await this.restAfter(await this.step());
      } catch (error) {
        this.failed(error);
      }
      if (this.failures > 0) {
        await Promise.all(this.batches);
        await pause(backoff(this.failures, FIRST_RETRY_MS, LONGEST_RETRY_MS), this.leaving.signal);
      }
    }
  }

  private async step(): Promise<'none' | 'more' | 'held'> {
    const sent = [...this.sent];
    const refused = [...this.refused];
    const finished = new Set([...sent, ...refused.map(({ position }) => position)]);
    const room = !this.leaving.signal.aborted && this.batches.size < BATCHES_IN_HAND;
    const { putBacks } = this;
    const { rows, rest } = await this.table.exchange({
      sent,
      refused,
      inHand: [...this.inHand].filter((position) => !finished.has(position)),
      room,
    });
    this.sent = this.sent.slice(sent.length);
    this.refused = this.refused.slice(refused.length);
    for (const position of finished) this.inHand.delete(position);
    // A batch that failed meanwhile freed rows which stand before these: all are read again, in their order.
    if (rows.length > 0 && putBacks === this.putBacks) this.send(rows);
    return rest;
  }

  private async restAfter(rest: 'none' | 'more' | 'held'): Promise<void> {
    if (rest === 'more') return;
    await pause(rest === 'held' ? STANDBY_MS * (1 + Math.random()) : GATHER_MS, this.leaving.signal);
    if (rest === 'held' || this.woken) return;
    const nap = new AbortController();
    this.endRest = () => nap.abort();
    await pause(this.inHand.size > 0 ? RENEW_LEASE_MS : POLL_MS, nap.signal);
    this.endRest = undefined;
  }

  private send(rows: readonly OutboxRow[]): void {
    for (const { position } of rows) this.inHand.add(position);
    const batch = this.publish(rows)
      .then(() => this.succeeded())
      .catch((error: unknown) => {
        this.putBack(rows);
        this.failed(error);
      })
      .finally(() => {
        this.batches.delete(batch);
        this.wake();
      });
    this.batches.add(batch);
  }

  /** One by one when the bus refuses a batch, so that the row it will never take does not hold up the others. */
  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.bus.publish(rows);
      this.sent.push(...rows.map(({ position }) => position));
    } catch (error) {
      if (codeOf(error) !== 'invalid_argument') throw error;
      if (rows.length > 1) for (const row of rows) await this.publish([row]);
      else this.refuse(rows[0]!, error as Error);
    }
  }

  private refuse({ position, topic, id, tenantId }: OutboxRow, error: Error): void {
    this.log.error('The bus will never take this event: it is parked in the outbox', {
      topic,
      eventId: id,
      tenantId,
      error,
    });
    this.refused.push({ position, reason: error.message });
  }

  /** To be read again, but for those that went out before the failure. */
  private putBack(rows: readonly OutboxRow[]): void {
    this.putBacks += 1;
    const finished = new Set([...this.sent, ...this.refused.map(({ position }) => position)]);
    for (const { position } of rows) if (!finished.has(position)) this.inHand.delete(position);
  }

  private failed(error: unknown): void {
    this.failures += 1;
    if (this.failures === 1) this.log.warn('Events wait in the outbox until they can be sent', { error });
  }

  private succeeded(): void {
    if (this.failures > 0) this.log.info('Events of the outbox are sent again');
    this.failures = 0;
  }
}
