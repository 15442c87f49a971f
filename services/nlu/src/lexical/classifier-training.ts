/**
 * Fits a classifier by stochastic gradient descent with AdaGrad steps (Duchi et al., 2011) on the cross-entropy, with
 * weight decay. The same examples in the same order give the same weights, bit by bit. A thousand examples of forty
 * labels take a fifth of a second; it pauses after every few examples (see slices).
 */
import { addRows, Classifier, softmax } from './classifier.js';
import type { Features } from './features.js';
import type { Sliced } from './slices.js';
import { Vocabulary } from './vocabulary.js';

/** Bound once: where code runs in a VM context, as under the test runner, every look-up of a global is slow. */
const { abs, sqrt } = Math;

export interface LabelledFeatures {
  readonly features: Features;
  /** Index into the labels. */
  readonly label: number;
  /** Any whole number; examples of one fold, modulo the number of folds, are held out together. */
  readonly fold: number;
}

const LEARNING_RATE = 1;
/** Share of every weight lost per epoch: the L2 penalty, decoupled from the step size. */
const DECAY = 0.01;
/** Start of the sums of squared gradients: keeps the first steps of rare n-grams small. */
const FIRST_SQUARE = 0.01;
/** Smaller gradients move nothing and are skipped: late epochs touch a handful of labels per example. */
const NEGLIGIBLE_GRADIENT = 0.005;
/** 8 million weights are 32 MB; a larger taxonomy keeps its most frequent n-grams. */
const MOST_WEIGHTS = 8_000_000;
const EXAMPLES_PER_SLICE = 8;

/** Small sets need ten rounds; with many examples every n-gram is seen often enough in four. */
function epochsFor(examples: number): number {
  return Math.max(4, Math.min(10, Math.round(60_000 / examples)));
}

export function* trainClassifier(
  labels: readonly string[],
  examples: readonly LabelledFeatures[],
): Sliced<Classifier> {
  const width = labels.length;
  const texts = examples.map((example) => example.features);
  const vocabulary = yield* Vocabulary.of(texts, Math.floor(MOST_WEIGHTS / width));
  const vectors = yield* vectorsOf(vocabulary, examples);
  const weights = new Float32Array(vocabulary.size * width);
  const squares = new Float32Array(weights.length).fill(FIRST_SQUARE);
  const gradients = new Float32Array(width);
  const moving = new Int32Array(width);

  const settled = new Uint8Array(vectors.length);
  const epochs = epochsFor(examples.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    let seen = 0;
    for (const index of shuffled(vectors.length, epoch)) {
      // What moved nothing rests for a round: the later rounds of a large set are about what is still wrong.
      if (settled[index]) {
        settled[index] = 0;
        continue;
      }
      const { rows, values, label } = vectors[index]!;
      gradients.fill(0);
      addRows(weights, rows, values, rows.length, gradients);
      softmax(gradients, 1);
      gradients[label]! -= 1;
      const active = select(gradients, moving);
      settled[index] = active === 0 ? 1 : 0;
      for (let i = 0; i < rows.length; i++) {
        descend(weights, squares, rows[i]! * width, values[i]!, gradients, moving, active);
      }
      if (++seen % EXAMPLES_PER_SLICE === 0) yield;
    }
    for (let i = 0; i < weights.length; i++) weights[i]! *= 1 - DECAY;
  }
  return new Classifier(labels, vocabulary, weights, 1);
}

interface LabelledVector {
  readonly rows: Int32Array;
  readonly values: Float32Array;
  readonly label: number;
}

function* vectorsOf(vocabulary: Vocabulary, examples: readonly LabelledFeatures[]): Sliced<LabelledVector[]> {
  const vectors: LabelledVector[] = [];
  for (const { features, label } of examples) {
    const { rows, values, size } = vocabulary.vector(features);
    vectors.push({ rows: rows.slice(0, size), values: values.slice(0, size), label });
    if (vectors.length % EXAMPLES_PER_SLICE === 0) yield;
  }
  return vectors;
}

/** Writes the labels worth moving into `moving` and returns their number. */
function select(gradients: Float32Array, moving: Int32Array): number {
  let active = 0;
  for (let k = 0; k < gradients.length; k++) {
    if (abs(gradients[k]!) > NEGLIGIBLE_GRADIENT) moving[active++] = k;
  }
  return active;
}

function descend(
  weights: Float32Array,
  squares: Float32Array,
  row: number,
  value: number,
  gradients: Float32Array,
  moving: Int32Array,
  active: number,
): void {
  for (let a = 0; a < active; a++) {
    const k = moving[a]!;
    const gradient = gradients[k]! * value;
    const square = (squares[row + k]! += gradient * gradient);
    weights[row + k]! -= (LEARNING_RATE * gradient) / sqrt(square);
  }
}

/** 0…size−1 in an order the seed fixes: Fisher–Yates over a mulberry32 stream. */
export function shuffled(size: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  let state = seed >>> 0;
  for (let i = size - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const j = ((t ^ (t >>> 14)) >>> 0) % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** A held-out example: what the model said before temperature, and what was right. */
export interface HeldOut {
  /** Index of the example. */
  readonly index: number;
  readonly scores: Float32Array;
  readonly label: number;
}

export const FOLDS = 4;
/** Enough to fit a temperature and a threshold; further folds would only cost time. */
const ENOUGH_HELD_OUT = 1_000;

/** The folds that are held out one after the other: until enough examples are. */
export function heldOutFolds(examples: readonly Pick<LabelledFeatures, 'fold'>[]): number[] {
  const folds: number[] = [];
  let heldOut = 0;
  for (let fold = 0; fold < FOLDS && heldOut < ENOUGH_HELD_OUT; fold++) {
    const own = examples.filter((example) => example.fold % FOLDS === fold).length;
    if (own === 0 || own === examples.length) continue;
    folds.push(fold);
    heldOut += own;
  }
  return folds;
}

/** Cross-validation: trains on three quarters, scores the last, until enough examples have been scored. */
export function* scoreHeldOut(
  labels: readonly string[],
  examples: readonly LabelledFeatures[],
): Sliced<HeldOut[]> {
  const heldOut: HeldOut[] = [];
  for (const fold of heldOutFolds(examples)) {
    const training = examples.filter((example) => example.fold % FOLDS !== fold);
    const classifier = yield* trainClassifier(labels, training);
    for (const [index, { features, label, fold: own }] of examples.entries()) {
      if (own % FOLDS !== fold) continue;
      heldOut.push({ index, scores: classifier.scores(features), label });
      if (heldOut.length % EXAMPLES_PER_SLICE === 0) yield;
    }
  }
  return heldOut;
}

/** The temperature with the smallest cross-entropy on held-out examples (Guo et al., 2017). */
export function fitTemperature(heldOut: readonly HeldOut[]): number {
  const loss = (temperature: number) => {
    let sum = 0;
    for (const { scores, label } of heldOut)
      sum -= Math.log(softmax(scores.slice(), temperature)[label]! + 1e-9);
    return sum;
  };
  const candidates = Array.from({ length: 13 }, (_, i) => 0.3 + i * 0.1);
  return candidates.reduce((best, candidate) => (loss(candidate) < loss(best) ? candidate : best), 1);
}
