/**
 * A graph on onnxruntime, in a thread of its own: onnxruntime blocks the thread it runs on, and ours has customers.
 * Arrays that are fed move to that thread and are gone here; results move back. A thread that dies fails what waits
 * with `unavailable`; the session then is of no more use.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '@frontdesk/core';
import type { Answer, Order } from './graph-thread.ts';

export interface Tensor {
  readonly data: Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;
  readonly dims: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface SessionOptions {
  /** Threads onnxruntime may use within one operator; one, unless told otherwise. */
  readonly threads?: number;
}

export class GraphSession {
  private readonly waiting = new Map<
    number,
    { resolve(outputs: Tensors): void; reject(error: AppError): void }
  >();
  private orders = 0;
  private ended: AppError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', ({ id, outputs, fault }: Answer) => {
      const order = this.waiting.get(id);
      this.waiting.delete(id);
      this.restWhenIdle();
      if (fault === undefined) order?.resolve(outputs ?? {});
      else order?.reject(new AppError('invalid_argument', `The graph could not be run: ${fault}`));
    });
    worker.on('error', (cause) => this.end('The thread of a graph broke down.', cause));
    worker.on('exit', () => this.end('The thread of a graph is gone.'));
    this.restWhenIdle();
  }

  /** Throws `invalid_argument` for a graph which onnxruntime does not take. */
  static async open(model: Uint8Array, { threads = 1 }: SessionOptions = {}): Promise<GraphSession> {
    const module = new URL(`./graph-thread${extname(import.meta.url)}`, import.meta.url);
    const session = new GraphSession(new Worker(module, { name: 'onnx', execArgv: [] }));
    try {
      await session.order({ task: 'open', model, threads }, []);
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  /** Feeds that stay in the thread for every later run. */
  async keep(feeds: Tensors): Promise<void> {
    await this.order({ task: 'keep', feeds }, buffersOf(feeds));
  }

  /** Outputs by name; all of them, unless some are named. */
  run(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors> {
    return this.order({ task: 'run', feeds, outputs }, buffersOf(feeds));
  }

  async close(): Promise<void> {
    this.end('The session of a graph was closed.');
    await this.worker.terminate();
  }

  private order(order: Omit<Order, 'id'>, moved: ArrayBuffer[]): Promise<Tensors> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.orders++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ...order, id }, moved);
    });
  }

  /** A session nobody waits for does not keep the process alive. */
  private restWhenIdle(): void {
    if (this.waiting.size === 0) this.worker.unref();
  }

  private end(message: string, cause?: unknown): void {
    this.ended ??= new AppError('unavailable', message, { cause });
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

function buffersOf(tensors: Tensors): ArrayBuffer[] {
  return Object.values(tensors).map(({ data }) => data.buffer as ArrayBuffer);
}
