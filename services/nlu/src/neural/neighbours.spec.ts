import { Neighbours } from './neighbours.js';

const DIMENSION = 16;
/** Unit vectors in an order the seed fixes (mulberry32). */
function randomVectors(count: number, seed: number): Float32Array[] {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, () => unit(Float32Array.from({ length: DIMENSION }, next)));
}
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('a vote of neighbours', () => {
  const vectors = randomVectors(400, 7);
  const labels = vectors.map((_, i) => i % 5);
  const neighbours = Neighbours.of(vectors, labels, 5);
  const all = [0, 1, 2, 3, 4];

  it('is what looking at every example gives', () => {
    const centred = (vector: Float32Array) => unit(vector.map((value, i) => value - neighbours.centre[i]!));
    for (const query of randomVectors(20, 99)) {
      const ranked = vectors
        .map((vector, i) => ({ similarity: cosine(centred(vector), centred(query)), label: labels[i]! }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 32);
      const weights = ranked.map(({ similarity }) => Math.exp(30 * (similarity - ranked[0]!.similarity)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const { logShares, nearest } = neighbours.vote(query, all);
      expect(nearest).toBeCloseTo(ranked[0]!.similarity, 1);
      for (const label of all) {
        const share = weights.reduce((sum, w, i) => sum + (ranked[i]!.label === label ? w : 0), 0) / total;
        expect(Math.abs(Math.exp(logShares[label]!) - share)).toBeLessThan(0.1);
      }
    }
  });

  it('counts one correction at once, against a hundred others nearby', () => {
    const [correction] = randomVectors(1, 5) as [Float32Array];
    const near = Array.from({ length: 100 }, (_, i) =>
      unit(correction.map((value, j) => value + (j === i % DIMENSION ? 0.6 : 0))),
    );
    const corrected = Neighbours.of([...near, correction], [...near.map(() => 0), 1], 2);
    const { logShares, nearest } = corrected.vote(correction, [0, 1]);
    expect(nearest).toBeGreaterThan(0.97);
    expect(logShares[1]!).toBeGreaterThan(logShares[0]!);
  });

  it('searches only the candidates, and is at ease with a label without examples', () => {
    const { logShares } = neighbours.vote(vectors[3]!, [0]);
    expect(logShares.indexOf(Math.max(...logShares))).toBe(0);
    const none = Neighbours.of(vectors.slice(0, 1), [0], 2).vote(vectors[1]!, [1]);
    expect(none.nearest).toBe(-1);
    expect(none.logShares.every(Number.isFinite)).toBe(true);
  });
});
