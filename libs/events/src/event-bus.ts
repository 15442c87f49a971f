/**
 * Carries facts that are already committed. Two adapters: Kafka (`kafka://host:port,…`) and the in-process twin
 * (`memory:`). Both: serialized bytes, order per key, at least once, failure → retry → dead letter.
 */

/** One fact on the wire; `payload` is the protobuf message of the topic's row in `topics.ts`. */
export interface EventRecord {
  /** Unique; consumers deduplicate by it. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: Uint8Array;
  /** The tenant the fact belongs to. */
  readonly tenantId: string;
  /** Milliseconds since the epoch, when it was committed. */
  readonly occurredAt: number;
  /** `traceparent` and `x-request-id` of the request that caused it. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Consumption {
  /** Finishes what is in hand, commits, and leaves the group. */
  stop(): Promise<void>;
}

export interface ConsumeOptions {
  /** Consumers of one group share the work; each group gets every event. */
  readonly group: string;
  readonly topics: readonly string[];
  /** Settles when the record's effect is committed. Rejection is retried, then dead-lettered. */
  handle(record: EventRecord): Promise<void>;
  /**
   * Asked after a rejection: false while what `handle` stands on (its database) is away. Such a failure is not the
   * record's fault, and is retried without end.
   */
  healthy?(): Promise<boolean>;
  /** Told after a record was put aside; `id` is empty when it could not be read. */
  deadLettered?(letter: DeadLetter): void;
  /** Milliseconds after which a record that keeps failing is not tried again; 15,000 by default. */
  readonly patienceMs?: number;
}

/** A record that a group could not handle, kept aside so that those behind it could go on. */
export interface DeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** Who could not handle it; the others have. */
  readonly group: string;
  /** Code and message of the last failure. */
  readonly reason: string;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly buriedAt: number;
  /** Absent when its envelope could not be read: nobody can handle it as it is. */
  readonly record?: EventRecord;
}

export abstract class EventBus {
  /**
   * Resolves when the records are safe with the bus (Kafka: written by all in-sync replicas; in-process: handled or
   * dead-lettered by every group). May be called again meanwhile: records go out in the order of the calls. Rejects
   * `invalid_argument` when the bus will never take one of them, else `unavailable`, and then the calls queued behind
   * it too (`aborted`), so that nothing overtakes; some of the records may have gone out.
   */
  abstract publish(records: readonly EventRecord[]): Promise<void>;

  /** Resolves when the group is joined; with the broker away after 10 s, and joining goes on until it is back. */
  abstract consume(options: ConsumeOptions): Promise<Consumption>;

  /**
   * Shows each dead letter of the topic there is now, oldest first per key; `remove` takes it out for good. Rejects
   * `unavailable`.
   */
  abstract deadLetters(
    topic: string,
    visit: (letter: DeadLetter) => Promise<'keep' | 'remove'>,
  ): Promise<void>;

  /** Whether the broker answers now. */
  abstract ping(): Promise<boolean>;

  abstract close(): Promise<void>;
}

/** Where the library tells what happened to the connection and to records. */
export interface EventLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLog: EventLog = { info: () => {}, warn: () => {}, error: () => {} };
