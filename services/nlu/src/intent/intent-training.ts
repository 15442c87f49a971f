/**
 * From a bot's taxonomy to its lexical model: trains on all examples and, by cross-validation on the same examples,
 * fits how sure the model may sound and below which probability it had better claim nothing. What was held out is
 * handed on: the neural heads are fitted beside it.
 */
import type { Classifier } from '../lexical/classifier.js';
import { fitTemperature, scoreHeldOut, trainClassifier } from '../lexical/classifier-training.js';
import type { HeldOut } from '../lexical/classifier-training.js';
import type { Sliced } from '../lexical/slices.js';
import { OUT_OF_SCOPE_LABEL } from './out-of-scope.js';
import type { TrainingSet } from './training-set.js';

export interface TrainedLexical {
  /** Calibrated. */
  readonly classifier: Classifier;
  /** An intent less probable than this is not claimed. */
  readonly threshold: number;
  /** Every held-out example, with the scores of the model that had not seen it. */
  readonly heldOut: readonly HeldOut[];
}

/**
 * Share of held-out examples the threshold gives up. The final model saw a third more examples than those of the
 * cross-validation and is surer, so fewer real questions than this fall below the threshold.
 */
const GIVEN_UP = 0.08;
/** Below this many held-out examples nothing can be fitted: the defaults stand. */
export const ENOUGH_TO_FIT = 40;
const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_THRESHOLD = 0.3;
/** A text without any known n-gram has the same probability for every label; an intent needs this many times more. */
const ABOVE_CHANCE = 1.5;

export function* trainLexical({ labels, examples }: TrainingSet): Sliced<TrainedLexical> {
  const classifier = yield* trainClassifier(labels, examples);
  const heldOut = yield* scoreHeldOut(labels, examples);
  const inScope = heldOut.filter((example) => example.label !== OUT_OF_SCOPE_LABEL);
  const leastClaim = ABOVE_CHANCE / labels.length;
  if (inScope.length < ENOUGH_TO_FIT) {
    const cautious = classifier.withTemperature(DEFAULT_TEMPERATURE);
    return { classifier: cautious, threshold: Math.max(DEFAULT_THRESHOLD, leastClaim), heldOut };
  }
  const calibrated = classifier.withTemperature(fitTemperature(heldOut));
  return {
    classifier: calibrated,
    threshold: Math.max(thresholdOf(inScope, calibrated), leastClaim),
    heldOut,
  };
}

/** The probability of the best intent below which `GIVEN_UP` of the held-out examples lie. */
function thresholdOf(inScope: readonly HeldOut[], classifier: Classifier): number {
  const confidences = inScope.map(({ scores }) => {
    const probabilities = classifier.probabilities(scores);
    probabilities[OUT_OF_SCOPE_LABEL] = 0;
    return Math.max(...probabilities);
  });
  return quantile(confidences, GIVEN_UP);
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!;
}
