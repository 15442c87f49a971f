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
}

export abstract class EventBus {
  /** Resolves when the records are durable at the broker, in the given order per key; rejects `unavailable`. */
  abstract publish(records: readonly EventRecord[]): Promise<void>;
  /** Resolves when the group is joined. */
  abstract consume(options: ConsumeOptions): Promise<Consumption>;
  /** Whether the broker answers now. */
  abstract ping(): Promise<boolean>;
  abstract close(): Promise<void>;
}
