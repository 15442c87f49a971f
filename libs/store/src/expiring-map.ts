/** A map whose entries end by themselves, and which never holds more than `capacity` of them. */
import type { Clock } from '@frontdesk/core';

/** Expired entries are invisible at once, and removed at the latest by the first write this long after. */
const SWEEP_INTERVAL_MS = 1_000;

interface Entry<Value> {
  readonly value: Value;
  readonly expiresAt: number;
}

export class ExpiringMap<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  private sweptAt: number;

  constructor(
    private readonly capacity: number,
    private readonly clock: Clock,
  ) {
    this.sweptAt = clock.now();
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    return entry && entry.expiresAt > this.clock.now() ? entry.value : undefined;
  }

  /** Milliseconds left to live; 0 when it does not. */
  ttlMs(key: string): number {
    return Math.max(0, (this.entries.get(key)?.expiresAt ?? 0) - this.clock.now());
  }

  /** At capacity the entry written longest ago gives way. */
  set(key: string, value: Value, ttlMs: number): void {
    this.entries.delete(key);
    if (this.isFull()) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(key, { value, expiresAt: this.clock.now() + ttlMs });
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  isFull(): boolean {
    const now = this.clock.now();
    if (now - this.sweptAt >= SWEEP_INTERVAL_MS) {
      this.sweptAt = now;
      for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    }
    return this.entries.size >= this.capacity;
  }
}
