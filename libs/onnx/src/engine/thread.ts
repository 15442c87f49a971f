/**
 * A thread that is asked and answers, in order. What moves is gone on the asking side. A thread that breaks down fails
 * everything that waits with `unavailable`; it is of no more use, and whoever owns it starts another.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '@frontdesk/core';

export interface ThreadAnswer {
  readonly id: number;
  readonly answer?: unknown;
  /** Why there is none. */
  readonly fault?: string;
}

/** The order after which a thread takes no others. */
export type CloseOrder = 'close';

interface Waiting {
  resolve(answer: never): void;
  reject(error: AppError): void;
}

export class Thread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private asked = 0;
  private ended: AppError | undefined;

  /** `module` is the address of the thread's file without its extension, beside that of the caller. */
  constructor(
    module: URL,
    private readonly name: string,
  ) {
    // The same source runs compiled in production and as TypeScript in tests.
    const file = new URL(`${module.href}${extname(import.meta.url)}`);
    this.worker = new Worker(file, { name, execArgv: [] });
    this.worker.on('message', ({ id, answer, fault }: ThreadAnswer) => {
      // An answer that was under way when the thread was closed still arrives.
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      this.restWhenIdle();
      if (fault === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new AppError('invalid_argument', fault));
    });
    this.worker.on('error', (cause) => this.end('broke down', cause));
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.end('is gone');
        resolve();
      });
    });
    this.restWhenIdle();
  }

  get isAlive(): boolean {
    return this.ended === undefined;
  }

  /** Throws `invalid_argument` with what the thread says of a bad order, `unavailable` when the thread is gone. */
  ask<Answer = unknown>(order: object, moved: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      try {
        this.worker.postMessage({ ...order, id }, [...new Set(moved)]);
      } catch (cause) {
        const why = 'An array cannot be moved to the thread: it has been moved before, or shares its memory.';
        return reject(new AppError('invalid_argument', why, { cause }));
      }
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
    });
  }

  /** Ends after the order that is being carried out: onnxruntime aborts the whole process when it is interrupted. */
  async close(): Promise<void> {
    this.end('was closed');
    this.worker.ref();
    this.worker.postMessage('close' satisfies CloseOrder);
    await this.exited;
  }

  /** A thread nobody waits for does not keep the process alive; one that is being closed is waited for. */
  private restWhenIdle(): void {
    if (this.waiting.size === 0 && this.isAlive) this.worker.unref();
  }

  private end(how: string, cause?: unknown): void {
    this.ended ??= new AppError('unavailable', `The thread of ${this.name} ${how}.`, { cause });
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}
