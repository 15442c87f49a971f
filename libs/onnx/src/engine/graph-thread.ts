/** The thread of one graph; `graph-session.ts` starts and asks it. */
import { Tensor as OrtTensor, type InferenceSession } from 'onnxruntime-node';
import type { GraphOrder } from './graph-session.ts';
import { openSession } from './open-session.ts';
import { serveThread, type Served } from './serve-thread.ts';
import { buffersOf, type Tensors } from './tensors.ts';

const kept: Record<string, OrtTensor> = {};
let session: InferenceSession | undefined;

serveThread<GraphOrder>(async (order): Promise<Served> => {
  if (order.task === 'open') session = await openSession(order.model, order.threads);
  else if (order.task === 'keep') Object.assign(kept, toOrt(order.feeds));
  else {
    const fed = { ...kept, ...toOrt(order.feeds) };
    const results = await session!.run(fed, [...(order.outputs ?? session!.outputNames)]);
    const answer: Tensors = Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
    );
    return { answer, moved: buffersOf(answer) };
  }
  return { answer: {} };
});

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
