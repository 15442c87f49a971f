/** The thread of one graph: orders come in, answers go out, one after the other. Started by `graph-session.ts`. */
import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensors } from './graph-session.ts';

export interface Order {
  readonly id: number;
  readonly task: 'open' | 'keep' | 'run';
  readonly model?: Uint8Array;
  readonly threads?: number;
  readonly feeds?: Tensors;
  readonly outputs?: readonly string[] | undefined;
}

export interface Answer {
  readonly id: number;
  readonly outputs?: Tensors;
  /** What onnxruntime says. */
  readonly fault?: string;
}

const port = parentPort!;
const kept: Record<string, OrtTensor> = {};
let session: InferenceSession | undefined;

port.on('message', (order: Order) => {
  void answer(order).then(({ outputs, ...rest }) =>
    port.postMessage(
      { ...rest, outputs },
      Object.values(outputs ?? {}).map(({ data }) => data.buffer as ArrayBuffer),
    ),
  );
});

async function answer(order: Order): Promise<Answer> {
  try {
    return { id: order.id, outputs: await carryOut(order) };
  } catch (error) {
    return { id: order.id, fault: error instanceof Error ? error.message : String(error) };
  }
}

async function carryOut({ task, model, threads, feeds = {}, outputs }: Order): Promise<Tensors> {
  if (task === 'open') session = await open(model!, threads!);
  if (task === 'keep') Object.assign(kept, toOrt(feeds));
  if (task !== 'run') return {};
  const fed = { ...kept, ...toOrt(feeds) };
  const results = await session!.run(fed, outputs ? [...outputs] : session!.outputNames.slice());
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
  );
}

function open(model: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // Threads that spin while they wait would take the cores of those who work.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

const TYPES = new Map<unknown, 'float32' | 'int32' | 'int8' | 'uint8' | 'int64'>([
  [Float32Array, 'float32'],
  [Int32Array, 'int32'],
  [Int8Array, 'int8'],
  [Uint8Array, 'uint8'],
  [BigInt64Array, 'int64'],
]);

function toOrt(feeds: Tensors): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, dims }]) => [
      name,
      new OrtTensor(TYPES.get(data.constructor)!, data as Float32Array, dims),
    ]),
  );
}
