/**
 * What a process keeps in memory per bot of what the database holds: loaded when first asked for, kept among the most
 * recently used, checked again when a change was announced or when it has not been checked for a while. Every process
 * hears of a change at once, and finds out by itself within the recheck time when that notice was lost. A change that
 * takes long to load is waited for by nobody: what was known goes on answering.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, requireTenant, runInContext } from '@frontdesk/core';
import type { Log } from '@frontdesk/runtime';
import type { KeyValue, Transaction } from '@frontdesk/store';

export interface BotMemoryOptions<T> {
  /** Where changes are announced to the other processes. */
  readonly channel: string;
  /** Bots kept; the one that was not asked for longest gives way. */
  readonly most: number;
  /** How long a value answers before it is checked, in milliseconds. */
  readonly recheckMs: number;
  /** Reads the value of the current tenant's bot; may return `known` where that still holds. */
  readonly read: (bot: string, known: T | undefined) => Promise<T>;
}

interface Slot<T> {
  readonly value: T;
  /** Milliseconds since the epoch; ANNOUNCED when there may be another value. */
  checkedAt: number;
}

const ANNOUNCED = 0;
/** So long an announced change is waited for: who has just changed something mostly sees it at once. */
const PATIENCE_MS = 100;

export class BotMemory<T> {
  /** Least recently used first. */
  private readonly slots = new Map<string, Slot<T>>();
  private readonly loading = new Map<string, Promise<T>>();
  private announcements = 0;
  private unsubscribe: (() => Promise<void>) | undefined;

  constructor(
    private readonly keyValue: KeyValue,
    private readonly log: Log,
    private readonly options: BotMemoryOptions<T>,
  ) {}

  async open(): Promise<void> {
    this.unsubscribe = await this.keyValue.subscribe(this.options.channel, (key) => this.expire(key));
  }

  async close(): Promise<void> {
    await this.unsubscribe?.();
  }

  /** Waits for the database on the first question, and for a moment on the first one after an announcement. */
  async of(bot: string): Promise<T> {
    const key = keyOf(requireTenant(), bot);
    const slot = this.slots.get(key);
    if (!slot) return this.refresh(key, bot);
    this.slots.delete(key);
    this.slots.set(key, slot);
    if (Date.now() - slot.checkedAt < this.options.recheckMs) return slot.value;
    const refreshed = this.refresh(key, bot).catch((error: unknown) => {
      this.log.warn('What is known of a bot could not be checked.', { error, bot, of: this.options.channel });
      return slot.value;
    });
    if (slot.checkedAt !== ANNOUNCED) return slot.value;
    return Promise.race([refreshed, sleep(PATIENCE_MS, slot.value, { ref: false })]);
  }

  /** Lets every process read again once the transaction has committed. */
  announce(tx: Transaction, bot: string): void {
    const key = keyOf(requireTenant(), bot);
    const { channel } = this.options;
    tx.afterCommit(() => {
      this.expire(key);
      this.keyValue
        .notify(channel, key)
        .catch((error: unknown) =>
          this.log.warn('Other processes were not told of a change.', { error, bot, of: channel }),
        );
    });
  }

  /** Bots in memory. */
  get size(): number {
    return this.slots.size;
  }

  /** Drops what is held of a tenant that is gone. */
  forget(tenantId: string): void {
    for (const key of this.slots.keys()) if (key.startsWith(keyOf(tenantId, ''))) this.slots.delete(key);
  }

  private expire(key: string): void {
    this.announcements++;
    this.loading.delete(key);
    const slot = this.slots.get(key);
    if (slot) slot.checkedAt = ANNOUNCED;
  }

  /** One look at the database per bot at a time, which nobody's deadline ends for the others. */
  private refresh(key: string, bot: string): Promise<T> {
    const under = this.loading.get(key);
    if (under) return under;
    const context = { requestId: newId(), tenantId: requireTenant() };
    const loading = runInContext(context, () => this.load(key, bot)).finally(() => {
      if (this.loading.get(key) === loading) this.loading.delete(key);
    });
    this.loading.set(key, loading);
    return loading;
  }

  private async load(key: string, bot: string): Promise<T> {
    const { announcements } = this;
    const now = Date.now();
    const value = await this.options.read(bot, this.slots.get(key)?.value);
    // Something was announced meanwhile, perhaps of this very bot: what was read is checked once more.
    const checkedAt = announcements === this.announcements ? now : ANNOUNCED;
    this.slots.delete(key);
    this.slots.set(key, { value, checkedAt });
    for (const oldest of this.slots.keys()) {
      if (this.slots.size <= this.options.most) break;
      this.slots.delete(oldest);
    }
    return value;
  }
}

function keyOf(tenantId: string, bot: string): string {
  return `${tenantId}/${bot}`;
}
