/**
 * Reads a dead-letter topic from end to end, and takes letters out of it. Kafka only deletes what lies before an
 * offset, so the letters of a partition that are to stay are written again before the old ones go; a crash between
 * the two shows them twice.
 */
import { randomUUID } from 'node:crypto';
import type { KafkaMessage, TopicMessages } from 'kafkajs';
import type { DeadLetter } from './event-bus.js';
import type { KafkaCluster } from './kafka-cluster.js';
import { asItCame, deadLetterTopic, fromDeadMessage } from './kafka-record.js';

/** The letters of one partition which are there now. */
interface Stretch {
  readonly partition: number;
  /** Offset of the next letter to come. */
  readonly end: bigint;
  readonly kept: KafkaMessage[];
  removed: number;
}

export async function visitDeadLetters(
  cluster: KafkaCluster,
  write: (batch: TopicMessages) => Promise<void>,
  topic: string,
  visit: (letter: DeadLetter) => Promise<'keep' | 'remove'>,
): Promise<void> {
  const deadTopic = deadLetterTopic(topic);
  await cluster.administer(async (admin) => {
    if (!(await admin.listTopics()).includes(deadTopic)) return;
    const stretches = stretchesOf(await admin.fetchTopicOffsets(deadTopic));
    await readToTheEnd(cluster, deadTopic, stretches, async (stretch, message) => {
      if ((await visit(fromDeadMessage(topic, message))) === 'remove') stretch.removed += 1;
      else stretch.kept.push(message);
    });
    for (const { partition, end, kept, removed } of stretches) {
      if (removed === 0) continue;
      const messages = kept.map((message) => ({ ...asItCame(message), partition }));
      if (messages.length > 0) await write({ topic: deadTopic, messages });
      await admin.deleteTopicRecords({ topic: deadTopic, partitions: [{ partition, offset: String(end) }] });
    }
  });
}

/** Of the partitions that are not empty. */
function stretchesOf(offsets: readonly { partition: number; low: string; high: string }[]): Stretch[] {
  return offsets
    .filter(({ low, high }) => BigInt(low) < BigInt(high))
    .map(({ partition, high }) => ({ partition, end: BigInt(high), kept: [], removed: 0 }));
}

async function readToTheEnd(
  cluster: KafkaCluster,
  topic: string,
  stretches: readonly Stretch[],
  take: (stretch: Stretch, message: KafkaMessage) => Promise<void>,
): Promise<void> {
  if (stretches.length === 0) return;
  const unread = new Map(stretches.map((stretch) => [stretch.partition, stretch]));
  const finished = Promise.withResolvers<void>();
  // A group for this reading alone: it commits nothing and is deleted.
  const groupId = `frontdesk-dead-letters-${randomUUID()}`;
  const consumer = cluster.client.consumer({ groupId, allowAutoTopicCreation: false });
  consumer.on('consumer.crash', ({ payload }) => finished.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat }) => {
        const stretch = unread.get(batch.partition);
        try {
          for (const message of batch.messages) {
            if (!stretch || BigInt(message.offset) >= stretch.end) return;
            await take(stretch, message);
            if (BigInt(message.offset) === stretch.end - 1n) unread.delete(batch.partition);
            if (unread.size === 0) finished.resolve();
            await heartbeat();
          }
        } catch (error) {
          finished.reject(error);
        }
      },
    });
    await finished.promise;
  } finally {
    await consumer.disconnect();
    await cluster.administer((admin) => admin.deleteGroups([groupId])).catch(() => {});
  }
}
