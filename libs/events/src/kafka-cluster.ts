/**
 * One Kafka cluster as the mesh uses it: how it is addressed, which topics it has, and what its client says.
 * Hides kafkajs' configuration and its faults.
 */
import { createRequire } from 'node:module';
import { Kafka, logLevel, type Admin, type ITopicConfig, type KafkaConfig, type LogEntry } from 'kafkajs';
import { AppError } from '@frontdesk/core';
import type { EventLog } from './event-bus.js';

const DEFAULT_PARTITIONS = 6;
/** The same line of the client is told again after this time at the earliest. */
const REPEAT_LOG_MS = 30_000;
/** Short, because the relay and the consumers try again themselves, for ever. */
export const RETRY = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };
const LOG_LINES_REMEMBERED = 200;

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  prototype: RequestQueuePrototype;
};

export interface KafkaAddress {
  readonly brokers: string[];
  readonly ssl: boolean;
  readonly sasl?: KafkaConfig['sasl'];
  /** Of topics that do not exist yet. */
  readonly partitions: number;
  /** Copies of each record; -1: as the cluster is set. */
  readonly replication: number;
}

/**
 * `kafka://host:port,…` or `kafkas://user:password@host:port,…` (TLS), with
 * `?partitions=6&replication=3&mechanism=scram-sha-512`. Throws `invalid_argument`.
 */
export function parseKafkaUrl(url: string): KafkaAddress {
  const [, tls, user, password, hosts, query] =
    /^kafka(s?):\/\/(?:([^:@/]+):([^@/]+)@)?([^@/?]+)\/?(?:\?(.*))?$/.exec(url) ?? [];
  const options = new URLSearchParams(query);
  const partitions = Number(options.get('partitions') ?? DEFAULT_PARTITIONS);
  const replication = Number(options.get('replication') ?? -1);
  // Without TLS anybody on the way could read the password.
  if (!hosts || (user && !tls) || !Number.isInteger(partitions) || !Number.isInteger(replication)) {
    throw new AppError(
      'invalid_argument',
      'The event bus URL must look like kafka://host:9092,host:9092 or kafkas://user:password@host:9093.',
    );
  }
  const mechanism = options.get('mechanism') ?? 'scram-sha-512';
  const login = { username: decodeURIComponent(user ?? ''), password: decodeURIComponent(password ?? '') };
  return {
    brokers: hosts.split(','),
    ssl: tls === 's',
    ...(user && { sasl: { mechanism, ...login } as KafkaConfig['sasl'] }),
    partitions,
    replication,
  };
}

export class KafkaCluster {
  readonly client: Kafka;
  private readonly ready = new Set<string>();

  constructor(
    private readonly address: KafkaAddress,
    readonly log: EventLog,
  ) {
    stopIdleTimers();
    this.client = new Kafka({
      clientId: 'frontdesk',
      brokers: address.brokers,
      ssl: address.ssl,
      ...(address.sasl && { sasl: address.sasl }),
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      retry: RETRY,
      logLevel: logLevel.ERROR,
      logCreator: () => clientLog(log),
    });
  }

  /** Creates the topics that are missing. Needs no right to create where they all exist. */
  async ensureTopics(names: readonly string[]): Promise<void> {
    if (names.every((name) => this.ready.has(name))) return;
    await this.administer(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = [...new Set(names)].filter((name) => !existing.has(name));
      if (missing.length > 0)
        await admin.createTopics({ topics: missing.map((topic) => this.layout(topic)) });
    });
    for (const name of names) this.ready.add(name);
  }

  async administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private layout(topic: string): ITopicConfig {
    const { partitions, replication } = this.address;
    return { topic, numPartitions: partitions, replicationFactor: replication };
  }
}

/** While a broker is away the client repeats itself several times a second: each line is told once in a while. */
function clientLog(log: EventLog): (entry: LogEntry) => void {
  const lastTold = new Map<string, number>();
  return ({ namespace, log: { message } }) => {
    const line = `${namespace}: ${message}`;
    const now = Date.now();
    if (now - (lastTold.get(line) ?? 0) < REPEAT_LOG_MS) return;
    if (lastTold.size > LOG_LINES_REMEMBERED) lastTold.clear();
    lastTold.set(line, now);
    log.warn('The Kafka client reports trouble', { reason: line });
  };
}

/**
 * kafkajs 2.2.4 arms a timer that lies in the past after every answer, and again when it fires: Node 24 prints a
 * TimeoutNegativeWarning each time (tulios/kafkajs#1751). A timer is needed only while a request waits.
 */
function stopIdleTimers(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function (): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const wait = Math.max(this.throttledUntil - Date.now(), 10);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, wait);
  };
}

/** Of the client's inner class, what the correction above touches. */
interface RequestQueuePrototype {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly throttledUntil: number;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}
