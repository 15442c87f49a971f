/**
 * Redis as the key-value store of a mesh in many processes.
 *
 * Promises: no call waits longer than `COMMAND_TIMEOUT_MS`; while Redis is away calls fail at once with `unavailable`
 * and limits are decided from this process's share; it comes back by itself, and so do subscriptions. Hides the two
 * connections (a subscribed one only listens) and the scripts. For one primary, with or without replicas: in a Redis
 * Cluster the keys of a script would live on different nodes.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { AppError } from '@frontdesk/core';
import { runGuarded } from './guarded.js';
import { KeyValue, type Lease, type RateDecision, type RateLimit } from './key-value.js';
import { MemoryKeyValue } from './memory.js';
import { scripts } from './redis-scripts.js';

const COMMAND_TIMEOUT_MS = 200;
/** A connection whose answer is this late is given up: its host may be gone without a word. */
const SILENCE_MS = 1_000;
const LONGEST_RETRY_DELAY_MS = 1_000;
/** After the shared counter failed, limits are decided here for so long without asking. */
const LOCAL_MS = 1_000;
/** The start waits so long for Redis, then goes on without it. */
const START_MS = 2_000;

const VALUE = 'frontdesk:value:';
const LEASE = 'frontdesk:lease:';
const LAST_TOKEN = 'frontdesk:last-token';
const LIMIT = 'frontdesk:limit:';
const CHANNEL = 'frontdesk:channel:';
/** Every process that applies a limit listens to its channel: their number divides the limit. */
const LIMIT_USERS = 'frontdesk:limit-users:';

type Listener = (payload: string) => void;

const OPTIONS: RedisOptions = {
  scripts,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_MS,
  connectTimeout: SILENCE_MS,
  // Fail fast, and never send twice: a repeated script would take points twice.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  retryStrategy: (attempt) =>
    Math.min(25 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_DELAY_MS) * Math.random(),
  // After a failover the old primary still answers, but writes nothing.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/** Resolves when Redis answers, and after `START_MS` without it. */
export async function openRedis(url: string): Promise<KeyValue> {
  const redis = new RedisKeyValue(url);
  await redis.started();
  return redis;
}

class RedisKeyValue extends KeyValue {
  private readonly commands: Redis;
  private readonly subscriber: Redis;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly local = new MemoryKeyValue();
  private readonly limitUsers = new Map<string, number>();
  private localUntil = 0;

  constructor(url: string) {
    super();
    this.commands = new Redis(url, OPTIONS);
    this.subscriber = new Redis(url, OPTIONS);
    // Every failure reaches the command it fails; unheard 'error' events would end the process.
    this.commands.on('error', () => {});
    this.subscriber.on('error', () => {});
    this.subscriber.on('ready', () => this.resubscribe());
    this.subscriber.on('message', (channel: string, payload: string) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(payload);
    });
  }

  async started(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, START_MS);
      this.commands.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async get(key: string): Promise<string | undefined> {
    return (await ask(this.commands.get(VALUE + key))) ?? undefined;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await ask(this.commands.set(VALUE + key, value, 'PX', ttlMs));
  }

  async delete(key: string): Promise<void> {
    await ask(this.commands.del(VALUE + key));
  }

  async acquireLease(name: string, ttlMs: number): Promise<Lease | undefined> {
    const key = LEASE + name;
    const acquired = await ask(this.commands.acquireLease(key, LAST_TOKEN, ttlMs));
    if (acquired === null) return undefined;
    const token = Number(acquired);
    return {
      token,
      renew: async (forMs) => (await ask(this.commands.renewLease(key, token, forMs))) === 1,
      release: async () => void (await ask(this.commands.releaseLease(key, token))),
    };
  }

  async notify(channel: string, payload: string): Promise<void> {
    await ask(this.commands.publish(CHANNEL + channel, payload));
  }

  async subscribe(channel: string, listener: Listener): Promise<() => Promise<void>> {
    return this.listen(CHANNEL + channel, listener);
  }

  async consume(limit: RateLimit, key: string, cost = 1): Promise<RateDecision> {
    if (Date.now() < this.localUntil) return this.consumeLocally(limit, key, cost);
    try {
      this.joinUsers(limit.name);
      const [allowed, taken, resetMs, users] = await this.commands.takePoints(
        `${LIMIT}${limit.name}:${key}`,
        LIMIT_USERS + limit.name,
        cost,
        limit.points,
        limit.windowMs,
      );
      this.limitUsers.set(limit.name, users);
      const remaining = Math.max(0, limit.points - taken);
      return { allowed: allowed === 1, limit: limit.points, remaining, resetMs, local: false };
    } catch {
      this.localUntil = Date.now() + LOCAL_MS;
      return this.consumeLocally(limit, key, cost);
    }
  }

  async ping(): Promise<boolean> {
    return this.commands.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private async consumeLocally(limit: RateLimit, key: string, cost: number): Promise<RateDecision> {
    const users = Math.max(1, this.limitUsers.get(limit.name) ?? 1);
    const share = { ...limit, points: Math.max(1, Math.floor(limit.points / users)) };
    return { ...(await this.local.consume(share, key, cost)), local: true };
  }

  private joinUsers(limitName: string): void {
    if (this.limitUsers.has(limitName)) return;
    this.limitUsers.set(limitName, 1);
    void this.listen(LIMIT_USERS + limitName, () => {});
  }

  /** While Redis is away the subscription stands as soon as it is back. */
  private async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const own: Listener = (payload) => runGuarded(() => listener(payload));
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(own));
    await this.subscriber.subscribe(channel).catch(() => {});
    return async () => {
      if (!listeners.delete(own) || listeners.size > 0) return;
      this.listeners.delete(channel);
      await this.subscriber.unsubscribe(channel).catch(() => {});
    };
  }

  private resubscribe(): void {
    if (this.listeners.size > 0) this.subscriber.subscribe(...this.listeners.keys()).catch(() => {});
  }
}

async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new AppError('unavailable', 'The shared store is out of reach: try again shortly.', { cause });
  }
}
