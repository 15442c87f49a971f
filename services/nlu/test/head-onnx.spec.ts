/** Heads on onnxruntime say what they say here; one pass of an encoder gives its embedding and every head. */
import { GraphBuilder, GraphSession, MODEL_FILE, type Tensors } from '@frontdesk/onnx';
import { describeWithModels } from '@frontdesk/testing/models';
import { encoderWithHeads, headGraph } from '../src/intent/head-onnx.js';
import { shuffled } from '../src/lexical/classifier-training.js';
import { Dense } from '../src/neural/dense.js';
import { logSoftmax } from '../src/neural/opinion-pool.js';

/** −1 to 1, the same at every run. */
const numbers = (size: number, seed: number) =>
  Float32Array.from(shuffled(size, seed), (place) => (2 * place) / size - 1);
const denseOf = (dimension: number, width: number, seed: number) =>
  new Dense(dimension, width, numbers((dimension + 1) * width, seed));
const unit = (vector: Float32Array) => vector.map((value) => value / Math.hypot(...vector));
const said = (dense: Dense, vector: Float32Array) => logSoftmax(dense.scores(vector)).map(Math.exp);

async function run(graph: Uint8Array, feeds: Tensors): Promise<Tensors> {
  const session = await GraphSession.open(graph);
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}
const rowOf = ({ data, dims }: Tensors[string], row: number) =>
  (data as Float32Array).slice(row * dims[1]!, (row + 1) * dims[1]!);
const furthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, k) => Math.abs(value - b[k]!)));

describe('a head as a graph', () => {
  const dense = denseOf(96, 17, 1);
  const vectors = [2, 3, 4].map((seed) => unit(numbers(96, seed)));
  const feeds = () => ({
    embedding: { data: Float32Array.from(vectors.flatMap((vector) => [...vector])), dims: [3, 96] },
  });

  it('says what the layer says', async () => {
    const { probabilities } = await run(headGraph(dense), feeds());
    vectors.forEach((vector, row) =>
      expect(furthest(rowOf(probabilities!, row), said(dense, vector))).toBeLessThan(1e-5),
    );
  });

  it('is a quarter as large in INT8 and says nearly the same', async () => {
    const [exact, small] = [headGraph(dense), headGraph(dense, 'int8')];
    expect(small.length).toBeLessThan(exact.length / 2);
    const { probabilities } = await run(small, feeds());
    vectors.forEach((vector, row) =>
      expect(furthest(rowOf(probabilities!, row), said(dense, vector))).toBeLessThan(5e-3),
    );
  });

  it('keeps a label without weights', async () => {
    const { probabilities } = await run(
      headGraph(new Dense(96, 2, new Float32Array(97 * 2)), 'int8'),
      feeds(),
    );
    expect([...rowOf(probabilities!, 0)]).toEqual([0.5, 0.5]);
  });
});

describeWithModels(['bge-small-zh-v1.5'], 'an encoder with heads', (store, [manifest]) => {
  it.each(['fp32', 'int8'] as const)(
    'gives embedding, intent and emotion in one pass, %s',
    async (precision) => {
      const model = await store.read(manifest!, MODEL_FILE);
      const { dimension } = manifest!;
      const [intent, emotion] = [denseOf(dimension, 40, 5), denseOf(dimension, 5, 6)];
      const graph = encoderWithHeads(
        model,
        { ...manifest!, layers: [] },
        [
          { name: 'intent', dense: intent, reads: 'embedding' },
          { name: 'emotion', dense: emotion, reads: 'embedding' },
        ],
        precision,
      );
      const tokens = [101n, 2769n, 6206n, 6842n, 3621n, 102n];
      const filled = (value?: bigint) => ({
        data: BigInt64Array.from(tokens, (token) => value ?? token),
        dims: [1, tokens.length],
      });
      const feeds = { input_ids: filled(), attention_mask: filled(1n), token_type_ids: filled(0n) };
      const { inputs } = GraphBuilder.extend(model);
      const out = await run(
        graph,
        Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.includes(name))),
      );
      const vector = rowOf(out['embedding']!, 0);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      const tolerance = precision === 'fp32' ? 1e-5 : 1e-2;
      expect(furthest(rowOf(out['intent']!, 0), said(intent, vector))).toBeLessThan(tolerance);
      expect(furthest(rowOf(out['emotion']!, 0), said(emotion, vector))).toBeLessThan(tolerance);
    },
  );
});
