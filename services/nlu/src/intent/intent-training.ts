/**
 * From a bot's taxonomy to its model: trains on all examples and, by cross-validation on the same examples, fits how
 * sure the model may sound and below which probability it had better claim nothing.
 */
import { softmax } from './classifier.js';
import { fitTemperature, measure, scoreHeldOut, trainClassifier } from './classifier-training.js';
import type { HeldOut, LabelledFeatures } from './classifier-training.js';
import { featuresOf, type Features } from './features.js';
import { IntentModel, OUT_OF_SCOPE } from './intent-model.js';
import { offTopic } from './off-topic.js';
import type { Sliced } from './slices.js';

export interface LabelledUtterance {
  readonly text: string;
  /** Name of the intent; `out_of_scope` teaches the bot what it is not for. */
  readonly intent: string;
}

export interface TrainedIntents {
  readonly model: IntentModel;
  /** On held-out examples: `accuracy` and `macroF1` of the intents, `rejected` of the examples which had one. */
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * Share of held-out examples the threshold gives up. The final model saw a third more examples than those of the
 * cross-validation and is surer, so fewer real questions than this fall below the threshold.
 */
const GIVEN_UP = 0.08;
/** Below this many held-out examples nothing can be fitted: these values stand. */
const ENOUGH_TO_FIT = 40;
const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_THRESHOLD = 0.3;
/** A text without any known n-gram has the same probability for every label; an intent needs this many times more. */
const ABOVE_CHANCE = 1.5;
/** Off-topic utterances of whose n-grams one intent's examples hold more than this are that bot's own topic. */
const COVERED = 0.8;
const UTTERANCES_PER_SLICE = 64;

export function* trainIntents(
  utterances: readonly LabelledUtterance[],
  parents: Readonly<Record<string, string>>,
): Sliced<TrainedIntents> {
  const labels = [...new Set([OUT_OF_SCOPE, ...utterances.map((utterance) => utterance.intent)])];
  const index = new Map(labels.map((label, k) => [label, k]));
  const own: LabelledFeatures[] = [];
  for (const { text, intent } of utterances) {
    own.push({ features: featuresOf(text), label: index.get(intent)! });
    if (own.length % UTTERANCES_PER_SLICE === 0) yield;
  }
  const examples = [...own, ...(yield* offTopicApartFrom(own, index.get(OUT_OF_SCOPE)!))];

  const classifier = yield* trainClassifier(labels, examples);
  const heldOut = yield* scoreHeldOut(labels, examples);
  const inScope = heldOut.filter((example) => example.label !== index.get(OUT_OF_SCOPE));
  const leastClaim = ABOVE_CHANCE / labels.length;
  if (inScope.length < ENOUGH_TO_FIT) {
    const cautious = classifier.withTemperature(DEFAULT_TEMPERATURE);
    return { model: new IntentModel(cautious, Math.max(DEFAULT_THRESHOLD, leastClaim), parents), scores: {} };
  }
  const calibrated = classifier.withTemperature(fitTemperature(heldOut));
  const threshold = fitThreshold(inScope, calibrated.temperature, index.get(OUT_OF_SCOPE)!);
  return {
    model: new IntentModel(calibrated, Math.max(threshold.value, leastClaim), parents),
    scores: { ...measure(inScope, labels.length), rejected: threshold.rejected },
  };
}

/** The off-topic utterances as examples of out_of_scope, without those an intent of the bot is about. */
function* offTopicApartFrom(
  own: readonly LabelledFeatures[],
  outOfScope: number,
): Sliced<LabelledFeatures[]> {
  const known = new Map<number, Set<number>>();
  for (const { features, label } of own) {
    if (label === outOfScope) continue;
    const keys = known.get(label) ?? new Set<number>();
    for (const key of features) keys.add(key);
    known.set(label, keys);
  }
  yield;
  const covered = (features: Features) =>
    [...known.values()].some(
      (keys) => features.filter((key) => keys.has(key)).length > COVERED * features.length,
    );
  const apart: LabelledFeatures[] = [];
  for (const text of offTopic) {
    const features = featuresOf(text);
    if (!covered(features)) apart.push({ features, label: outOfScope });
    yield;
  }
  return apart;
}

/** The probability of the best intent below which `GIVEN_UP` of the held-out examples lie. */
function fitThreshold(inScope: readonly HeldOut[], temperature: number, outOfScope: number) {
  const confidences = inScope
    .map(({ scores }) => {
      const probabilities = softmax(scores.slice(), temperature);
      probabilities[outOfScope] = 0;
      return Math.max(...probabilities);
    })
    .sort((a, b) => a - b);
  const value = confidences[Math.floor(confidences.length * GIVEN_UP)]!;
  return {
    value,
    rejected: confidences.filter((confidence) => confidence < value).length / confidences.length,
  };
}
