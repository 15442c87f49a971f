/**
 * A multinomial softmax over hashed n-grams: one row of weights per n-gram of the training set, one column per label.
 * Promises probabilities that sum to one and a few microseconds per utterance. A text unlike the examples is a short
 * vector (see vocabulary), so it gets flat probabilities instead of confident ones.
 */
import type { Features } from './features.js';
import type { Vocabulary } from './vocabulary.js';

/** Bound once: where code runs in a VM context, as under the test runner, every look-up of a global is slow. */
const { exp } = Math;

export class Classifier {
  constructor(
    readonly labels: readonly string[],
    readonly vocabulary: Vocabulary,
    /** Float32Array[n-grams × labels], row by row. */
    readonly weights: Float32Array,
    /** Divides the scores before the softmax; below 1 makes a timid model surer. */
    readonly temperature: number,
  ) {}

  withTemperature(temperature: number): Classifier {
    return new Classifier(this.labels, this.vocabulary, this.weights, temperature);
  }

  /** Float32Array[labels], sums to 1. */
  predict(features: Features): Float32Array {
    return softmax(this.scores(features), this.temperature);
  }

  /** Float32Array[labels] of what `scores` gave, which stays as it is. */
  probabilities(scores: Float32Array): Float32Array {
    return softmax(scores.slice(), this.temperature);
  }

  /** Float32Array[labels]: scores before temperature and softmax. */
  scores(features: Features): Float32Array {
    const { rows, values, size } = this.vocabulary.vector(features);
    const scores = new Float32Array(this.labels.length);
    addRows(this.weights, rows, values, size, scores);
    return scores;
  }
}

/** Adds `value × row of weights` for every entry of a sparse vector. */
export function addRows(
  weights: Float32Array,
  rows: Int32Array,
  values: Float32Array,
  size: number,
  scores: Float32Array,
): void {
  const width = scores.length;
  let i = 0;
  // Four rows at a time: a score is then read and written once for four products.
  for (; i + 3 < size; i += 4) {
    const [a, b, c, d] = [rows[i]! * width, rows[i + 1]! * width, rows[i + 2]! * width, rows[i + 3]! * width];
    const [va, vb, vc, vd] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
    for (let k = 0; k < width; k++) {
      const more =
        weights[a + k]! * va + weights[b + k]! * vb + (weights[c + k]! * vc + weights[d + k]! * vd);
      scores[k]! += more;
    }
  }
  for (; i < size; i++) {
    const value = values[i]!;
    const row = rows[i]! * width;
    for (let k = 0; k < width; k++) scores[k]! += weights[row + k]! * value;
  }
}

/** In place. */
export function softmax(scores: Float32Array, temperature: number): Float32Array {
  let highest = -Infinity;
  for (let k = 0; k < scores.length; k++) if (scores[k]! > highest) highest = scores[k]!;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = exp((scores[k]! - highest) / temperature);
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
  return scores;
}

/** Index of the largest value. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}
