/** The wire: one event as one Kafka message, its envelope in headers; and a dead letter, which adds why it is one. */
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Failure } from './delivery.js';
import type { DeadLetter, EventRecord } from './event-bus.js';

const ID = 'event-id';
const TENANT = 'tenant-id';
const DEAD_GROUP = 'dead-letter-group';
const DEAD_REASON = 'dead-letter-reason';
const DEAD_ATTEMPTS = 'dead-letter-attempts';
const DEAD_AT = 'dead-letter-at';
const ENVELOPE = new Set([ID, TENANT, DEAD_GROUP, DEAD_REASON, DEAD_ATTEMPTS, DEAD_AT]);

export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

export function toMessage(record: EventRecord): Message {
  return {
    key: record.key,
    value: Buffer.from(record.payload),
    timestamp: String(Math.trunc(record.occurredAt)),
    headers: { ...record.headers, [ID]: record.id, [TENANT]: record.tenantId },
  };
}

/** Undefined when it is none of ours: no key, value, id or tenant. */
export function fromMessage(topic: string, message: KafkaMessage): EventRecord | undefined {
  const { [ID]: id, [TENANT]: tenantId } = texts(message.headers);
  const { key, value: payload } = message;
  if (!id || !tenantId || !key || !payload) return undefined;
  const headers = Object.fromEntries(
    Object.entries(texts(message.headers)).filter(([name]) => !ENVELOPE.has(name)),
  );
  return {
    id,
    topic,
    key: key.toString(),
    payload,
    tenantId,
    occurredAt: Number(message.timestamp),
    headers,
  };
}

/** The message as it came, whatever it is, with the reason it was put aside. */
export function toDeadMessage(
  message: KafkaMessage,
  group: string,
  failure: Omit<Failure, 'error'>,
): Message {
  return {
    ...asItCame(message),
    headers: {
      ...message.headers,
      [DEAD_GROUP]: group,
      [DEAD_REASON]: failure.reason,
      [DEAD_ATTEMPTS]: String(failure.attempts),
      [DEAD_AT]: String(Date.now()),
    },
  };
}

export function fromDeadMessage(topic: string, message: KafkaMessage): DeadLetter {
  const headers = texts(message.headers);
  const record = fromMessage(topic, message);
  return {
    id: headers[ID] ?? '',
    topic,
    key: message.key?.toString() ?? '',
    group: headers[DEAD_GROUP] ?? '',
    reason: headers[DEAD_REASON] ?? '',
    attempts: Number(headers[DEAD_ATTEMPTS] ?? 0),
    buriedAt: Number(headers[DEAD_AT] ?? message.timestamp),
    ...(record && { record }),
  };
}

export function asItCame({ key, value, timestamp, headers }: KafkaMessage): Message {
  return { key, value, timestamp, ...(headers && { headers }) };
}

function texts(headers: IHeaders = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
