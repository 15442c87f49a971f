/**
 * The same POST twice has one effect. A request with an `Idempotency-Key` is claimed before its work and its answer
 * kept for a day. Promises: the same key and body give the same answer, another body is refused, and a repetition
 * that comes while the first is under way is told to wait. What is kept is encrypted with the caller's own
 * Idempotency-Key, of which we store a digest only: new API keys and customers' words lie nowhere in the clear.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError, currentContext, newId, runInContext } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import { Log } from '@frontdesk/runtime';
import * as rows from './answer.store.js';

export interface Repeatable {
  /** As the caller sent it. */
  readonly key: string;
  /** Method and path with its query. */
  readonly route: string;
  /** SHA-256 of the body, 32 bytes. */
  readonly body: Buffer;
  /** The work itself gives the same answer again, so that nothing needs to be kept. */
  readonly replays: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The right to do the work of a request once. */
export interface Claim {
  readonly id: Buffer;
  readonly key: string;
}

/** Longer than any claimed request takes; then its pod is believed dead. */
const claimSeconds = 180;
const keepSeconds = 24 * 60 * 60;
const sweepMs = 10 * 60_000;
/** Rows of one transaction, so that none holds many locks for long. */
const sweepAtOnce = 1_000;
/** Whose answers these are when the caller belongs to no tenant. */
const platform = 'platform';

@Injectable()
export class Idempotency implements OnModuleInit, OnModuleDestroy {
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeping = setInterval(() => void this.sweep(), sweepMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }

  /**
   * Claims the request, or gives the answer it had. Throws `already_exists` when the key was used for another body,
   * `aborted` while the first request is under way.
   */
  async claim(request: Repeatable): Promise<Claim | Answer | undefined> {
    const id = idOf(request);
    return this.within(async (tx) => {
      const seconds = request.replays ? keepSeconds : claimSeconds;
      if (await rows.insertClaim(tx, id, request.body, seconds))
        return request.replays ? undefined : { id, key: request.key };
      const before = await rows.selectAnswer(tx, id);
      if (before && !before.request.equals(request.body)) {
        throw new AppError(
          'already_exists',
          'This Idempotency-Key was used with another body: take a new one for each request.',
        );
      }
      if (request.replays) return undefined;
      if (before?.answer) return open(before.answer, request.key);
      throw new AppError('aborted', 'The same request is under way: ask again in a moment.', {
        retryAfterMs: 1_000,
      });
    });
  }

  /** Keeps the answer. Without one the work failed, and the next request with the key does it again. */
  async settle({ id, key }: Claim, answer: Answer | undefined): Promise<void> {
    await this.within((tx) =>
      answer ? rows.storeAnswer(tx, id, seal(answer, key), keepSeconds) : rows.deleteClaim(tx, id),
    );
  }

  private within<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { requestId = newId(), tenantId = platform } = currentContext() ?? {};
    return runInContext({ requestId, tenantId }, () => this.database.transaction(work));
  }

  private async sweep(): Promise<void> {
    try {
      let deleted: number;
      do deleted = await this.database.system((tx) => rows.deleteExpired(tx, sweepAtOnce));
      while (deleted === sweepAtOnce);
    } catch (error) {
      this.log.warn('Old answers could not be deleted', { error });
    }
  }
}

function idOf({ key, route }: Repeatable): Buffer {
  const { kind = '', id = '' } = currentContext()?.principal ?? {};
  return hash('sha256', JSON.stringify([kind, id, route, key]), 'buffer');
}

const ivBytes = 12;
const tagBytes = 16;

function seal(answer: Answer, key: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(sealed: Buffer, key: string): Answer {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(0, ivBytes));
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const opened = Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]);
  return JSON.parse(opened.toString()) as Answer;
}

function sealingKey(key: string): Buffer {
  return hash('sha256', `answer ${key}`, 'buffer');
}
