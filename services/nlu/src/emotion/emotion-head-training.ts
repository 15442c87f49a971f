/**
 * Fits the two voices of an emotion head, and how much each counts, to labelled texts. The weights are fitted on
 * examples the voices had not seen, so the probabilities are calibrated.
 *
 * Each example has one label. A data set whose texts have several is learned label by label: one head each that tells
 * `absent` from `present`.
 */
import type { Classifier } from '../lexical/classifier.js';
import {
  fitTemperature,
  FOLDS,
  scoreHeldOut,
  trainClassifier,
  type HeldOut,
  type LabelledFeatures,
} from '../lexical/classifier-training.js';
import type { Sliced } from '../lexical/slices.js';
import { trainDense } from '../neural/dense-training.js';
import { fitPool, logSoftmax, pool, type HeldOutOpinions } from '../neural/opinion-pool.js';
import { EmotionHead, type EmotionWeights } from './emotion-head.js';

export interface LexicalEmotions {
  /** Calibrated. */
  readonly classifier: Classifier;
  /** Held-out examples, with the scores of a model that had not seen them. */
  readonly heldOut: readonly HeldOut[];
}

export interface TrainedEmotionHead {
  readonly head: EmotionHead;
  /** What the head said of each held-out example. */
  readonly heldOut: readonly HeldOutEmotion[];
}

export interface HeldOutEmotion {
  /** Index of the example. */
  readonly index: number;
  readonly label: number;
  /** Float32Array[labels]. */
  readonly probabilities: Float32Array;
}

/**
 * L2 penalty, over the root of the number of examples: tone shows in many features a little, and a strong penalty keeps
 * it from being learned by heart. Measured on sets of 1,600 to 43,000 examples.
 */
const PENALTY = 3;
const USUAL: EmotionWeights = { dense: 1, lexical: 0.4 };
/** Fewer held-out examples fit no weights. */
const ENOUGH_TO_FIT = 40;

/** The lexical voice: what reads a text where no encoder does, and joins in where one does. */
export function* trainLexicalEmotions(
  labels: readonly string[],
  examples: readonly LabelledFeatures[],
): Sliced<LexicalEmotions> {
  const classifier = yield* trainClassifier(labels, examples);
  const heldOut = yield* scoreHeldOut(labels, examples);
  return { classifier: classifier.withTemperature(fitTemperature(heldOut)), heldOut };
}

/**
 * `vectors[i]` are the features of example i; undefined where the encoder does not read it. Undefined for examples of
 * fewer than two labels. With `weights` nothing is held out: a few more examples do not change what a voice is worth.
 */
export async function trainEmotionHead(
  examples: readonly LabelledFeatures[],
  vectors: readonly (Float32Array | undefined)[],
  { classifier, heldOut }: LexicalEmotions,
  weights?: EmotionWeights,
): Promise<TrainedEmotionHead | undefined> {
  const own = [...examples.keys()].filter((index) => vectors[index] !== undefined);
  if (new Set(own.map((index) => examples[index]!.label)).size < 2) return undefined;
  const fit = (indexes: readonly number[]) =>
    trainDense(
      indexes.map((index) => vectors[index]!),
      indexes.map((index) => examples[index]!.label),
      classifier.labels.length,
      undefined,
      PENALTY / Math.sqrt(indexes.length),
    );
  const head = async (weights: EmotionWeights) => new EmotionHead(await fit(own), weights);
  if (weights) return { head: await head(weights), heldOut: [] };

  const rehearsed: Rehearsed[] = [];
  for (const [fold, judged] of Map.groupBy(heldOut, ({ index }) => examples[index]!.fold % FOLDS)) {
    const rest = own.filter((index) => examples[index]!.fold % FOLDS !== fold);
    if (rest.length === 0) continue;
    const dense = await fit(rest);
    for (const { index, label, scores } of judged) {
      const vector = vectors[index];
      if (!vector) continue;
      const voices = [logSoftmax(dense.scores(vector)), logsOf(scores, classifier)];
      rehearsed.push({ index, label, voices });
    }
  }
  const fitted = rehearsed.length < ENOUGH_TO_FIT ? USUAL : await weightsFor(rehearsed);
  return { head: await head(fitted), heldOut: rehearsed.map((example) => judge(example, fitted)) };
}

interface Rehearsed extends HeldOutOpinions {
  readonly index: number;
}

async function weightsFor(rehearsed: readonly Rehearsed[]): Promise<EmotionWeights> {
  const [dense, lexical] = (await fitPool(rehearsed, [USUAL.dense, USUAL.lexical])) as [number, number];
  return { dense, lexical };
}

function judge({ index, label, voices }: Rehearsed, { dense, lexical }: EmotionWeights): HeldOutEmotion {
  return { index, label, probabilities: pool([dense, lexical], voices) };
}

function logsOf(scores: Float32Array, { temperature }: Classifier): Float32Array {
  return logSoftmax(scores.map((score) => score / temperature));
}
