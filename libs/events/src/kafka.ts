/**
 * The event bus on Apache Kafka.
 *
 * Promises: `publish` resolves when all in-sync replicas have the records; a key keeps its order, for its records go
 * to one partition and one request is out at a time; a broker that goes and comes back needs nobody's help. Hides the
 * client: a producer that failed once is replaced, because its sequence numbers can no longer be trusted.
 */
import { setTimeout } from 'node:timers/promises';
import { Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { AppError, isAppError } from '@frontdesk/core';
import {
  EventBus,
  silentLog,
  type Consumption,
  type ConsumeOptions,
  type DeadLetter,
  type EventLog,
  type EventRecord,
} from './event-bus.js';
import { KafkaCluster, RETRY, parseKafkaUrl } from './kafka-cluster.js';
import { visitDeadLetters } from './kafka-dead-letters.js';
import { KafkaGroupMember } from './kafka-group.js';
import { toMessage } from './kafka-record.js';

const PING_MS = 2_000;
/** What the broker answers to a record that it will never take. */
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
const ALL_REPLICAS = -1;

export class KafkaEventBus extends EventBus {
  private readonly cluster: KafkaCluster;
  private producer: Promise<Producer> | undefined;
  private readonly members = new Set<KafkaGroupMember>();
  /** The end of the queue of `publish`. */
  private last: Promise<void> = Promise.resolve();

  constructor(url: string, log: EventLog = silentLog) {
    super();
    this.cluster = new KafkaCluster(parseKafkaUrl(url), log);
  }

  publish(records: readonly EventRecord[]): Promise<void> {
    const byTopic = Map.groupBy(records, (record) => record.topic);
    const batch = [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic.map(toMessage) }));
    const turn = this.last.then(() => this.send(batch), overtaken);
    this.last = turn;
    turn.catch(() => {
      if (this.last === turn) this.last = Promise.resolve();
    });
    return turn;
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const member = new KafkaGroupMember(this.cluster, (batch) => this.send([batch]), options);
    this.members.add(member);
    await member.ready();
    return member;
  }

  async deadLetters(topic: string, visit: (letter: DeadLetter) => Promise<'keep' | 'remove'>): Promise<void> {
    try {
      await visitDeadLetters(this.cluster, (batch) => this.send([batch]), topic, visit);
    } catch (error) {
      throw fromKafka(error);
    }
  }

  async ping(): Promise<boolean> {
    const answers = this.cluster
      .administer((admin) => admin.describeCluster())
      .then(
        () => true,
        () => false,
      );
    return Promise.race([answers, setTimeout(PING_MS, false, { ref: false })]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.stop()));
    await this.last.catch(() => {});
    await this.discard(this.producer);
  }

  private async send(batch: TopicMessages[]): Promise<void> {
    try {
      await this.cluster.ensureTopics(batch.map(({ topic }) => topic));
      const producer = (this.producer ??= this.openProducer());
      try {
        await (await producer).sendBatch({ acks: ALL_REPLICAS, topicMessages: batch });
      } catch (error) {
        void this.discard(producer);
        throw error;
      }
    } catch (error) {
      throw fromKafka(error);
    }
  }

  private async openProducer(): Promise<Producer> {
    const producer = this.cluster.client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: RETRY,
      allowAutoTopicCreation: false,
      // The hash of Kafka's own clients, so that others who write to the topic agree on the partition.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  private async discard(producer: Promise<Producer> | undefined): Promise<void> {
    if (this.producer === producer) this.producer = undefined;
    await producer?.then((opened) => opened.disconnect()).catch(() => {});
  }
}

/** What waited behind a failed request must not go out before it. */
function overtaken(): never {
  throw new AppError('aborted', 'A request before this one failed: send both again.');
}

function fromKafka(error: unknown): AppError {
  if (isAppError(error)) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (REFUSALS.has((cause as { type?: string }).type ?? '')) {
      return new AppError('invalid_argument', 'Kafka refuses the record: it is too large or malformed.', {
        cause: error,
      });
    }
  }
  return new AppError('unavailable', 'Kafka does not answer: try again shortly.', { cause: error });
}
