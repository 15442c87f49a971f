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

interface Waiting {
  resolve(answer: never): void;
  reject(error: AppError): void;
}

export class Thread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
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
      const { resolve, reject } = this.waiting.get(id)!;
      this.waiting.delete(id);
      this.restWhenIdle();
      if (fault === undefined) resolve(answer as never);
      else reject(new AppError('invalid_argument', fault));
    });
    this.worker.on('error', (cause) => this.end('broke down', cause));
    this.worker.on('exit', () => this.end('is gone'));
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
      // Throws for what cannot be moved; then nothing waits.
      this.worker.postMessage({ ...order, id }, [...new Set(moved)]);
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
    });
  }

  async close(): Promise<void> {
    this.end('was closed');
    await this.worker.terminate();
  }

  /** A thread nobody waits for does not keep the process alive. */
  private restWhenIdle(): void {
    if (this.waiting.size === 0) this.worker.unref();
  }

  private end(how: string, cause?: unknown): void {
    this.ended ??= new AppError('unavailable', `The thread of ${this.name} ${how}.`, { cause });
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}
