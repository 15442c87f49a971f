/**
 * The in-process twin of Kafka: records are copied bytes, a key keeps its order, every group gets every record at
 * least once, a failing one is retried in place and then put aside.
 *
 * Memory is no broker, so nothing is called safe while it is only here: `publish` resolves when every group has
 * handled the record or put it aside. The outbox keeps its row until then, and a process that is killed sends it
 * again. For the same reason a group must have joined before anything is published for it, and a group that was left
 * keeps its place: its records wait for the next member. Dead letters are lost with the process.
 */
import { AppError } from '@frontdesk/core';
import { deliver, type Delivery, type Failure } from './delivery.js';
import {
  EventBus,
  silentLog,
  type Consumption,
  type ConsumeOptions,
  type DeadLetter,
  type EventLog,
  type EventRecord,
} from './event-bus.js';

/** Records of one group that are handled at the same time, each from another set of keys; as a topic's partitions. */
const LANES = 6;
const DEAD_LETTERS_KEPT = 1_000;

export class InProcessEventBus extends EventBus {
  private readonly groups = new Map<string, Group>();
  private letters: DeadLetter[] = [];
  private readonly closing = Promise.withResolvers<never>();

  constructor(private readonly log: EventLog = silentLog) {
    super();
    this.closing.promise.catch(() => {});
  }

  async publish(records: readonly EventRecord[]): Promise<void> {
    const settled = records.flatMap((record) => {
      const groups = [...this.groups.values()].filter((group) => group.topics.has(record.topic));
      return groups.map((group) => group.accept(copy(record)));
    });
    await Promise.race([Promise.all(settled), this.closing.promise]);
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const group = this.groups.get(options.group) ?? new Group((...dead) => this.bury(...dead));
    this.groups.set(options.group, group);
    return group.join(options);
  }

  async deadLetters(topic: string, visit: (letter: DeadLetter) => Promise<'keep' | 'remove'>): Promise<void> {
    for (const letter of this.letters.filter((candidate) => candidate.topic === topic)) {
      if ((await visit(letter)) === 'remove') this.letters = this.letters.filter((other) => other !== letter);
    }
  }

  async ping(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.closing.reject(new AppError('unavailable', 'The event bus is closed.'));
  }

  private bury(record: EventRecord, options: ConsumeOptions, { reason, attempts, error }: Failure): void {
    const { id, topic, key } = record;
    const letter = { id, topic, key, group: options.group, reason, attempts, buriedAt: Date.now(), record };
    this.letters = [...this.letters, letter].slice(-DEAD_LETTERS_KEPT);
    this.log.error('An event could not be handled: it was put aside', {
      topic,
      eventId: id,
      group: options.group,
      reason,
      error,
    });
    options.deadLettered?.(letter);
  }
}

class Group {
  readonly topics = new Set<string>();
  private members: Member[] = [];
  private readonly lanes = Array.from({ length: LANES }, () => Promise.resolve());
  private joined = Promise.withResolvers<void>();

  constructor(
    private readonly bury: (record: EventRecord, options: ConsumeOptions, failure: Failure) => void,
  ) {}

  join(options: ConsumeOptions): Consumption {
    for (const topic of options.topics) this.topics.add(topic);
    const member = new Member(options);
    this.members.push(member);
    this.joined.resolve();
    return {
      stop: async () => {
        this.members = this.members.filter((other) => other !== member);
        if (this.members.length === 0) this.joined = Promise.withResolvers();
        await member.leave();
      },
    };
  }

  /** Resolves when the record is handled or put aside. */
  accept(record: EventRecord): Promise<void> {
    const lane = laneOf(record.key);
    return (this.lanes[lane] = this.lanes[lane]!.then(() => this.settle(record, lane)));
  }

  private async settle(record: EventRecord, lane: number): Promise<void> {
    for (;;) {
      await this.joined.promise;
      const member = this.members[lane % this.members.length]!;
      const delivery = await member.handle(record);
      if (delivery === 'handled') return;
      if (delivery !== 'left') return this.bury(record, member.options, delivery);
    }
  }
}

class Member {
  private readonly leaving = new AbortController();
  private readonly inHand = new Set<Promise<unknown>>();

  constructor(readonly options: ConsumeOptions) {}

  async handle(record: EventRecord): Promise<Delivery> {
    const delivery = deliver(record, this.options, this.leaving.signal);
    this.inHand.add(delivery);
    return delivery.finally(() => this.inHand.delete(delivery));
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await Promise.all(this.inHand);
  }
}

/** What a broker would give back: the same bytes in other memory. */
function copy(record: EventRecord): EventRecord {
  return { ...record, payload: Uint8Array.from(record.payload), headers: { ...record.headers } };
}

function laneOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) >>> 0;
  return hash % LANES;
}
