/**
 * Turns texts into vectors. Texts that come while a thread is busy are encoded together; a customer is never behind
 * more than one batch of background work; nobody waits past their deadline. A thread that breaks down fails the batch
 * it had with `unavailable` and is replaced; while there is none, texts fail at once instead of waiting.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@frontdesk/core';
import { Thread } from '../engine/thread.js';
import { BatchQueue, estimateTokens, type Waiting } from './batch-queue.js';
import type { EncodedBatch, EncodeOrder, OpenOrder } from './encoder-thread.js';
import type { EncoderFiles, EncoderOptions, EncoderStats, EncodeOptions, Encoding } from './encoding.js';
import { EMBEDDING, FEATURES, withPooling } from './pooled-graph.js';

interface Item extends Waiting {
  readonly text: string;
  readonly features: boolean;
  resolve(encoding: Encoding): void;
  reject(error: unknown): void;
}

/** What a timer can hold, about 25 days; it takes more for nothing. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long a thread that could not be started waits for the next try. */
const RETRY_MS = 1_000;
/** Background work of one caller that waits at a time: the rest waits with the caller. */
const BACKGROUND_SLICE = 64;

export class Encoder {
  readonly id: string;
  readonly dimension: number;
  private readonly queue: BatchQueue<Item>;
  private readonly threads = new Set<Thread>();
  private readonly idle: Thread[] = [];
  private counts = { batches: 0, texts: 0, refused: 0 };
  /** Ends the wait of those who are waited for to fill a batch. */
  private sleeping: (() => void) | undefined;
  private closed = false;

  private constructor(
    private readonly files: EncoderFiles,
    private readonly options: EncoderOptions,
  ) {
    this.id = files.id;
    this.dimension = files.dimension;
    this.queue = new BatchQueue(options, options.threads);
  }

  /** Throws `data_loss` or `invalid_argument` for files that are no encoder. */
  static async open(files: EncoderFiles, options: EncoderOptions): Promise<Encoder> {
    const encoder = new Encoder({ ...files, model: withPooling(files.model, files) }, options);
    try {
      await Promise.all(Array.from({ length: options.threads }, () => encoder.startThread()));
    } catch (error) {
      await encoder.close();
      throw error;
    }
    return encoder;
  }

  /** Throws `resource_exhausted`, `deadline_exceeded`, `cancelled`, `unavailable`. */
  encode(text: string, options: EncodeOptions): Promise<Encoding> {
    return this.enqueue(text, options, false);
  }

  /** The same for many texts, in their order; customers go first. */
  async encodeAll(texts: readonly string[], options: EncodeOptions): Promise<Encoding[]> {
    const encodings: Encoding[] = [];
    for (let i = 0; i < texts.length; i += BACKGROUND_SLICE) {
      const slice = texts.slice(i, i + BACKGROUND_SLICE);
      encodings.push(...(await Promise.all(slice.map((text) => this.enqueue(text, options, true)))));
    }
    return encodings;
  }

  stats(): EncoderStats {
    return { ...this.counts, waiting: this.queue.length };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.sleeping?.();
    for (const { reject } of this.queue.clear())
      reject(new AppError('unavailable', 'The encoder was closed.'));
    const threads = [...this.threads];
    this.threads.clear();
    await Promise.all(threads.map((thread) => thread.close()));
  }

  private enqueue(text: string, options: EncodeOptions, background: boolean): Promise<Encoding> {
    const { purpose, deadlineMs = Infinity, signal, features = false } = options;
    return new Promise((resolve, reject) => {
      if (this.threads.size === 0)
        return reject(new AppError('unavailable', 'The encoder is closed, or broke down a moment ago.'));
      if (signal?.aborted) return reject(cancelled());
      const nowMs = Date.now();
      const written = this.files.prefixes[purpose] + text;
      const giveUp = (error: AppError) => {
        this.queue.cancel(item);
        item.reject(error);
      };
      const cancel = () => giveUp(cancelled());
      let timer: NodeJS.Timeout | undefined;
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      };
      const item: Item = {
        text: written,
        size: estimateTokens(written, this.files.maxTokens),
        deadlineMs,
        background,
        features,
        resolve: (encoding) => {
          settled();
          resolve(encoding);
        },
        reject: (error) => {
          settled();
          reject(error as Error);
        },
      };
      try {
        this.queue.add(item, nowMs);
      } catch (error) {
        this.counts.refused++;
        return item.reject(error);
      }
      signal?.addEventListener('abort', cancel, { once: true });
      if (deadlineMs !== Infinity)
        timer = setTimeout(() => giveUp(late()), Math.min(deadlineMs - nowMs, LONGEST_TIMER_MS));
      this.wakeUp(performance.now() + this.options.maxWaitMicros / 1_000);
    });
  }

  /** Texts of one turn of the event loop, and of the wait that is allowed, go together; a full batch waits for nobody. */
  private wakeUp(atMs: number): void {
    if (this.idle.length === 0) return;
    const isFull = this.queue.length >= this.options.maxBatch;
    if (this.sleeping && !isFull) return;
    this.sleeping?.();
    const rise = () => {
      this.sleeping = undefined;
      this.dispatch();
    };
    // A timer knows whole milliseconds; less than one is a turn of the event loop.
    const leftMs = isFull ? 0 : Math.floor(atMs - performance.now());
    const timer = leftMs >= 1 ? setTimeout(rise, leftMs) : undefined;
    const turn = timer ? undefined : setImmediate(rise);
    this.sleeping = () => (timer ? clearTimeout(timer) : clearImmediate(turn));
  }

  private dispatch(): void {
    for (let thread = this.idle.pop(); thread; thread = this.idle.pop()) {
      if (!thread.isAlive) {
        void this.replace(thread);
        continue;
      }
      const batch = this.queue.take(Date.now());
      if (batch.length === 0) {
        this.idle.push(thread);
        return;
      }
      void this.run(thread, batch);
    }
  }

  private async run(thread: Thread, batch: readonly Item[]): Promise<void> {
    const started = performance.now();
    const features = batch.some((item) => item.features);
    const outputs = features && this.files.layers.length > 0 ? [EMBEDDING, FEATURES] : [EMBEDDING];
    try {
      const texts = batch.map(({ text }) => text);
      const encoded = await thread.ask<EncodedBatch>({
        task: 'encode',
        texts,
        outputs,
      } satisfies EncodeOrder);
      this.queue.done(batch, performance.now() - started);
      this.counts.batches++;
      this.counts.texts += batch.length;
      batch.forEach((item, i) => item.resolve(this.encodingOf(encoded, i, item.features)));
    } catch (error) {
      this.queue.failed(batch);
      for (const { reject } of batch) reject(error);
    }
    this.idle.push(thread);
    this.dispatch();
  }

  /** Features of a text that did not ask are there when another of its batch asked. */
  private encodingOf(
    { vectors: [embeddings, features], tokens }: EncodedBatch,
    row: number,
    withFeatures: boolean,
  ): Encoding {
    const rowOf = (values: Float32Array) => {
      const length = values.length / tokens.length;
      return values.slice(row * length, (row + 1) * length);
    };
    return {
      vector: rowOf(embeddings!),
      features: features && withFeatures ? rowOf(features) : new Float32Array(),
      tokens: tokens[row]!,
      truncated: tokens[row]! > this.files.maxTokens,
    };
  }

  /** Opened and warm: the first run of a session is many times slower than the others. */
  private async startThread(): Promise<void> {
    const { model, tokenizer, maxTokens, id } = this.files;
    const thread = new Thread(new URL('./encoder-thread', import.meta.url), id);
    this.threads.add(thread);
    try {
      await thread.ask({ task: 'open', model, tokenizer, maxTokens, threads: 1 } satisfies OpenOrder);
      await thread.ask({ task: 'encode', texts: ['ready'], outputs: [EMBEDDING] } satisfies EncodeOrder);
    } catch (error) {
      this.threads.delete(thread);
      await thread.close();
      throw error;
    }
    this.idle.push(thread);
  }

  /** Tries until it succeeds; with no other thread left nobody is kept waiting for that. */
  private async replace(thread: Thread): Promise<void> {
    this.threads.delete(thread);
    while (!this.closed) {
      try {
        await this.startThread();
        return this.dispatch();
      } catch {
        if (this.threads.size === 0)
          this.failWaiting('The encoder broke down and could not be started again yet.');
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private failWaiting(why: string): void {
    for (const { reject } of this.queue.clear()) reject(new AppError('unavailable', why));
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Nobody waits for the encoding any more.');
}

function late(): AppError {
  return new AppError('deadline_exceeded', 'The text was not encoded before its deadline.');
}
