/**
 * One member of a Kafka consumer group, for as long as it is wanted.
 *
 * Promises: an offset is committed only after the record's effect; a record that fails is retried in place and then
 * put aside; the member comes back by itself, for ever, whatever ended its connection. Hides kafkajs' consumer, which
 * gives up on errors it holds to be final and is then replaced, and the heartbeats that keep a slow record's
 * partition.
 */
import type { Consumer, EachBatchPayload, KafkaMessage, TopicMessages } from 'kafkajs';
import { codeOf } from '@frontdesk/core';
import { deliver, type Failure } from './delivery.js';
import type { Consumption, ConsumeOptions } from './event-bus.js';
import { RETRY, type KafkaCluster } from './kafka-cluster.js';
import { deadLetterTopic, fromDeadMessage, fromMessage, toDeadMessage } from './kafka-record.js';
import { backoff, pause } from './pause.js';

const PARTITIONS_AT_ONCE = 3;
/** A member that was killed loses its partitions after this time. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 2_000;
/** How long a fetch waits for records, and so how long a stop may take. */
const FETCH_WAIT_MS = 500;
/** Commits within a batch: what a crash makes come again, at most. */
const COMMIT_EVERY = 100;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const JOIN_PATIENCE_MS = 10_000;

const UNREADABLE: Failure = {
  reason: 'invalid_argument: The envelope is incomplete.',
  attempts: 0,
  error: undefined,
};

export class KafkaGroupMember implements Consumption {
  private readonly leaving = new AbortController();
  private readonly left = new Promise<void>((resolve) => {
    this.leaving.signal.addEventListener('abort', () => resolve());
  });
  private readonly joined = Promise.withResolvers<void>();
  private readonly running: Promise<void>;

  constructor(
    private readonly cluster: KafkaCluster,
    /** Rejects while the broker is away. */
    private readonly write: (batch: TopicMessages) => Promise<void>,
    private readonly options: ConsumeOptions,
  ) {
    this.running = this.run();
  }

  /** Resolves when the group is joined, or after 10 s. */
  async ready(): Promise<void> {
    await Promise.race([this.joined.promise, pause(JOIN_PATIENCE_MS, this.leaving.signal)]);
  }

  async stop(): Promise<void> {
    this.leaving.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.leaving;
    const { group } = this.options;
    const { log } = this.cluster;
    for (let failures = 0; !signal.aborted;) {
      const consumer = this.openConsumer();
      consumer.on('consumer.group_join', () => {
        if (failures > 0) log.info('The consumer is back in its group', { group });
        failures = 0;
        this.joined.resolve();
      });
      try {
        await this.consumeUntilLeft(consumer);
      } catch (error) {
        failures += 1;
        if (failures === 1) log.warn('The consumer has lost Kafka: it joins again', { group, error });
        await pause(backoff(failures, FIRST_RETRY_MS, LONGEST_RETRY_MS), signal);
      }
      await consumer.disconnect().catch(() => {});
    }
  }

  private openConsumer(): Consumer {
    return this.cluster.client.consumer({
      groupId: this.options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // It would know only some of its failures to be passing; `run` comes back after all of them.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
  }

  /** Resolves when the group was left as wanted; rejects when the consumer has given up. */
  private async consumeUntilLeft(consumer: Consumer): Promise<void> {
    const { topics } = this.options;
    const crashed = Promise.withResolvers<never>();
    crashed.promise.catch(() => {});
    consumer.on('consumer.crash', ({ payload }) => crashed.reject(payload.error));

    await this.cluster.ensureTopics([...topics, ...topics.map(deadLetterTopic)]);
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.takeBatch(payload),
    });
    await Promise.race([this.left, crashed.promise]);
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
    const lost = new AbortController();
    const leaving = AbortSignal.any([this.leaving.signal, lost.signal]);
    const beating = setInterval(() => void heartbeat().catch(() => lost.abort()), HEARTBEAT_MS);
    let uncommitted = 0;
    try {
      for (const message of batch.messages) {
        if (leaving.aborted || !isRunning() || isStale()) break;
        if (!(await this.settle(batch.topic, message, leaving))) break;
        resolveOffset(message.offset);
        uncommitted += 1;
        if (uncommitted % COMMIT_EVERY === 0) await commit(payload);
      }
      await commit(payload);
    } catch (error) {
      // The partition has gone to another member, or the broker is away: what is not committed comes again.
      this.cluster.log.info('Offsets were not committed', {
        group: this.options.group,
        topic: batch.topic,
        error,
      });
    } finally {
      clearInterval(beating);
    }
  }

  /** False when the group was left first. */
  private async settle(topic: string, message: KafkaMessage, leaving: AbortSignal): Promise<boolean> {
    const record = fromMessage(topic, message);
    const delivery = record ? await deliver(record, this.options, leaving) : UNREADABLE;
    if (delivery === 'handled') return true;
    return delivery !== 'left' && this.bury(topic, message, delivery, leaving);
  }

  private async bury(
    topic: string,
    message: KafkaMessage,
    failure: Failure,
    leaving: AbortSignal,
  ): Promise<boolean> {
    const { group, deadLettered } = this.options;
    let dead = toDeadMessage(message, group, failure);
    for (let failures = 1; ; failures += 1) {
      try {
        await this.write({ topic: deadLetterTopic(topic), messages: [dead] });
        break;
      } catch (error) {
        // With the reason in its headers it may be more than the broker takes: then the reason alone is kept.
        if (codeOf(error) === 'invalid_argument') dead = { ...dead, value: null };
        if (!(await pause(backoff(failures, FIRST_RETRY_MS, LONGEST_RETRY_MS), leaving))) return false;
      }
    }
    const letter = fromDeadMessage(topic, { ...message, headers: dead.headers } as KafkaMessage);
    this.cluster.log.error('An event could not be handled: it was put aside', {
      topic,
      eventId: letter.id,
      group,
      reason: failure.reason,
      error: failure.error,
    });
    deadLettered?.(letter);
    return true;
  }
}

function commit({ commitOffsetsIfNecessary, uncommittedOffsets }: EachBatchPayload): Promise<void> {
  return commitOffsetsIfNecessary(uncommittedOffsets());
}
