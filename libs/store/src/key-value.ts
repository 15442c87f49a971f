/**
 * What may be lost: leases, notifications, limits, short-lived values. Two adapters: Redis (`redis://…`) and the
 * process's own memory (`memory:`). Losing it loses no conversation. While the shared store is out of reach, calls throw
 * `unavailable` within 0.2 s, but for `consume`, `ping` and `subscribe`.
 */

/** A name held by one owner until it expires. */
export interface Lease {
  /** Fencing token: larger than that of every earlier owner of the name, even if the store forgot them. */
  readonly token: number;
  /** Holds it for another `ttlMs`; false when somebody else has it by now. */
  renew(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

export interface RateLimit {
  /** Names the limit, so that two limits never share a counter. */
  readonly name: string;
  /** Calls allowed per key and window. */
  readonly points: number;
  readonly windowMs: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window starts anew. */
  readonly resetMs: number;
  /** Decided by this process alone, because the shared counter is out of reach. */
  readonly local: boolean;
}

export abstract class KeyValue {
  abstract get(key: string): Promise<string | undefined>;
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;
  abstract delete(key: string): Promise<void>;

  /** The lease, or undefined while somebody else holds the name. */
  abstract acquireLease(name: string, ttlMs: number): Promise<Lease | undefined>;

  /** Tells every process that subscribed to the channel; at most once, may be lost. */
  abstract notify(channel: string, payload: string): Promise<void>;
  /**
   * Resolves when the subscription stands, or shortly while the store is out of reach: then it stands as soon as the
   * store is back. Call the result to end it.
   */
  abstract subscribe(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;

  /**
   * Takes `cost` points from `key`, or none when fewer are left. Never throws and never waits long: when the shared
   * counter is out of reach it decides from the process's own share of the limit.
   */
  abstract consume(limit: RateLimit, key: string, cost?: number): Promise<RateDecision>;

  /** Whether the shared store answers now. */
  abstract ping(): Promise<boolean>;

  abstract close(): Promise<void>;
}
