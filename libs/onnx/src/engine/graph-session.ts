/**
 * A graph on onnxruntime, in a thread of its own: onnxruntime blocks the thread it runs on, and ours has customers.
 * Arrays that are fed move to that thread and are gone here; results move back. When the thread breaks down, what waits
 * fails with `unavailable`, and the session is of no more use.
 */
import { buffersOf, type Tensors } from './tensors.js';
import { Thread } from './thread.js';

export interface SessionOptions {
  /** Threads onnxruntime may use within one operator; one, unless told otherwise. */
  readonly threads?: number;
}

/** What the thread is asked for. */
export type GraphOrder =
  | { readonly task: 'open'; readonly model: Uint8Array; readonly threads: number }
  | { readonly task: 'keep'; readonly feeds: Tensors }
  | { readonly task: 'run'; readonly feeds: Tensors; readonly outputs: readonly string[] | undefined };

export class GraphSession {
  private constructor(private readonly thread: Thread) {}

  /** Throws `invalid_argument` for a graph which onnxruntime does not take. */
  static async open(model: Uint8Array, { threads = 1 }: SessionOptions = {}): Promise<GraphSession> {
    const thread = new Thread(new URL('./graph-thread', import.meta.url), 'a graph');
    try {
      await thread.ask<object>({ task: 'open', model, threads } satisfies GraphOrder);
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new GraphSession(thread);
  }

  /** Feeds that stay in the thread for every later run. */
  async keep(feeds: Tensors): Promise<void> {
    await this.thread.ask<object>({ task: 'keep', feeds } satisfies GraphOrder, buffersOf(feeds));
  }

  /** Outputs by name; all of them, unless some are named. Throws `invalid_argument` for feeds the graph cannot take. */
  run(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors> {
    return this.thread.ask<Tensors>({ task: 'run', feeds, outputs } satisfies GraphOrder, buffersOf(feeds));
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
