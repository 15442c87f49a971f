/**
 * The process's own memory as a key-value store: for a mesh in one process, for tests, and as what is left of the
 * shared one while that is out of reach. Forgets what expired and never grows beyond its capacity.
 */
import { EventEmitter } from 'node:events';
import { AppError, systemClock, type Clock } from '@frontdesk/core';
import { ExpiringMap } from './expiring-map.js';
import { runGuarded } from './guarded.js';
import { KeyValue, type Lease, type RateDecision, type RateLimit } from './key-value.js';

/** Of each kind: values, leases, counters. */
const CAPACITY = 100_000;

interface Window {
  taken: number;
}

export class MemoryKeyValue extends KeyValue {
  private readonly values: ExpiringMap<string>;
  private readonly leases: ExpiringMap<number>;
  private readonly windows: ExpiringMap<Window>;
  private readonly channels = new EventEmitter().setMaxListeners(0);
  private lastToken = 0;

  constructor(
    private readonly clock: Clock = systemClock,
    capacity: number = CAPACITY,
  ) {
    super();
    this.values = new ExpiringMap(capacity, clock);
    this.leases = new ExpiringMap(capacity, clock);
    this.windows = new ExpiringMap(capacity, clock);
  }

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.values.set(key, value, ttlMs);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }

  async acquireLease(name: string, ttlMs: number): Promise<Lease | undefined> {
    if (this.leases.get(name) !== undefined) return undefined;
    if (this.leases.isFull())
      throw new AppError('resource_exhausted', 'Too many leases are held: try again shortly.');
    // From the clock, in microseconds: larger than the tokens of an earlier process, which rows still carry.
    const token = Math.max(this.lastToken + 1, this.clock.now() * 1000);
    this.lastToken = token;
    this.leases.set(name, token, ttlMs);
    const held = (): boolean => this.leases.get(name) === token;
    return {
      token,
      renew: async (forMs) => {
        if (!held()) return false;
        this.leases.set(name, token, forMs);
        return true;
      },
      release: async () => {
        if (held()) this.leases.delete(name);
      },
    };
  }

  async notify(channel: string, payload: string): Promise<void> {
    // Later, as over a network: a listener never runs inside its notifier.
    setImmediate(() => this.channels.emit(`channel ${channel}`, payload));
  }

  async subscribe(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    const guarded = (payload: string): void => runGuarded(() => listener(payload));
    this.channels.on(`channel ${channel}`, guarded);
    return async () => void this.channels.off(`channel ${channel}`, guarded);
  }

  async consume(limit: RateLimit, key: string, cost = 1): Promise<RateDecision> {
    const counter = `${limit.name} ${key}`;
    let window = this.windows.get(counter);
    if (!window) this.windows.set(counter, (window = { taken: 0 }), limit.windowMs);
    const allowed = window.taken + cost <= limit.points;
    if (allowed) window.taken += cost;
    return {
      allowed,
      limit: limit.points,
      remaining: Math.max(0, limit.points - window.taken),
      resetMs: this.windows.ttlMs(counter),
      local: false,
    };
  }

  async ping(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.channels.removeAllListeners();
  }
}
