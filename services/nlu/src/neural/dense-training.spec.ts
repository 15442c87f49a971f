import { trainDense } from './dense-training.js';
import { LossGraph } from './loss-graph.js';

/** Two clouds per label around a corner each; `wobble` moves them. */
function corners(labels: number, wobble: number) {
  const vectors: Float32Array[] = [];
  const answers: number[] = [];
  for (let i = 0; i < 60; i++) {
    const label = i % labels;
    answers.push(label);
    vectors.push(
      Float32Array.from({ length: 4 }, (_, j) => (j === label ? 1 : 0) + wobble * Math.sin(i * 7 + j)),
    );
  }
  return { vectors, answers };
}
const predicted = (scores: Float32Array) => scores.indexOf(Math.max(...scores));

describe('the loss', () => {
  it('has the gradient which finite differences give', async () => {
    const inputs = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
    await using graph = await LossGraph.open({ rows: 4, columns: 3, width: 2, inputs, labels: [0, 1, 1, 0] });
    const weights = Float32Array.from({ length: 6 }, (_, i) => Math.cos(i));
    const { gradient } = await graph.at(weights);
    for (let i = 0; i < weights.length; i++) {
      const moved = async (by: number) =>
        (await graph.at(weights.map((w, j) => (j === i ? w + by : w)))).loss;
      const slope = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2;
      expect(gradient[i]).toBeCloseTo(slope, 2);
    }
  });
});

describe('trainDense', () => {
  it('separates what can be separated', async () => {
    const { vectors, answers } = corners(3, 0.3);
    const dense = await trainDense(vectors, answers, 3);
    expect(vectors.map((vector) => predicted(dense.scores(vector)))).toEqual(answers);
  });

  it('reaches the same optimum from the layer before, also for a label that is new', async () => {
    const two = corners(2, 0.9);
    const before = await trainDense(two.vectors, two.answers, 3);
    const three = corners(3, 0.9);
    const [cold, warm] = [
      await trainDense(three.vectors, three.answers, 3),
      await trainDense(three.vectors, three.answers, 3, before),
    ];
    for (const vector of three.vectors) {
      const [a, b] = [softmax(cold.scores(vector)), softmax(warm.scores(vector))];
      a.forEach((probability, k) => expect(Math.abs(probability - b[k]!)).toBeLessThan(0.05));
    }
  });
});

function softmax(scores: Float32Array): number[] {
  const exps = [...scores].map(Math.exp);
  const sum = exps.reduce((total, value) => total + value, 0);
  return exps.map((value) => value / sum);
}
