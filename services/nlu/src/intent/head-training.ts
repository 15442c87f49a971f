/**
 * Fits the neural head of one encoder beside a bot's lexical model: the linear layer, the neighbours, what each voice
 * counts, and how familiar an utterance must be. Everything that is fitted or reported comes from examples the voices
 * had not seen.
 */
import type { Classifier } from '../lexical/classifier.js';
import { argmax } from '../lexical/classifier.js';
import { FOLDS, type HeldOut } from '../lexical/classifier-training.js';
import { trainDense } from '../neural/dense-training.js';
import type { Dense } from '../neural/dense.js';
import { Neighbours } from '../neural/neighbours.js';
import { logSoftmax } from '../neural/opinion-pool.js';
import { count, fitBallot, USUAL, type Ballot, type HeldOutVoices } from './ballot.js';
import { familiarityOf, Head, hear } from './head.js';
import { ENOUGH_TO_FIT, quantile, type TrainedLexical } from './intent-training.js';
import { fitSureness } from './sureness.js';
import { OUT_OF_SCOPE_LABEL } from './out-of-scope.js';
import type { TrainingSet } from './training-set.js';

/** The linear layers of the version before, their labels brought into today's order; the search goes on from them. */
export interface Start {
  readonly dense: Dense;
  /** Of the first fold. */
  readonly rehearsal: Dense;
}

export interface TrainedHead {
  readonly head: Head;
  readonly rehearsal: Dense;
  /** What the head said of each held-out example. */
  readonly heldOut: readonly HeldOutReading[];
}

export interface HeldOutReading {
  /** Index of the example. */
  readonly index: number;
  readonly label: number;
  /** The best intent, whatever its familiarity. */
  readonly predicted: number;
  readonly confidence: number;
  /** Whether it was familiar enough. */
  readonly claimed: boolean;
}

/** Share of held-out examples which the threshold gives up. */
const GIVEN_UP = 0.05;
/** With too few examples to fit: the familiarity which this share of off-topic utterances does not reach. */
const OFF_TOPIC_REFUSED = 0.8;

/** `vectors[i]` belongs to example i; undefined where the example is of a language this encoder does not read. */
export async function trainHead(
  encoder: string,
  { labels, examples }: TrainingSet,
  vectors: readonly (Float32Array | undefined)[],
  lexical: TrainedLexical,
  start?: Start,
): Promise<TrainedHead | undefined> {
  const own = [...examples.keys()].filter((index) => vectors[index] !== undefined);
  const intents = new Set(own.map((index) => examples[index]!.label));
  intents.delete(OUT_OF_SCOPE_LABEL);
  if (intents.size === 0 || intents.size + 1 > own.length) return undefined;

  const fit = async (indexes: readonly number[], from?: Dense) => {
    const given = indexes.map((index) => vectors[index]!);
    const answers = indexes.map((index) => examples[index]!.label);
    const dense = await trainDense(given, answers, labels.length, from);
    return { dense, neighbours: Neighbours.of(given, answers, labels.length) };
  };
  const inFold = Map.groupBy(lexical.heldOut, ({ index }) => examples[index]!.fold % FOLDS);
  const rehearsed: Rehearsed[] = [];
  let rehearsal: Dense | undefined;
  for (const [fold, heldOut] of [...inFold].sort(([a], [b]) => a - b)) {
    const rest = own.filter((index) => examples[index]!.fold % FOLDS !== fold);
    const judged = heldOut.filter(({ index }) => vectors[index] !== undefined);
    if (rest.length === 0 || judged.length === 0) continue;
    const voices = await fit(rest, rehearsal ? undefined : start?.rehearsal);
    rehearsal ??= voices.dense;
    for (const example of judged)
      rehearsed.push(rehearse(voices, vectors[example.index]!, example, lexical.classifier));
  }

  const final = await fit(own, start?.dense);
  const inScope = rehearsed.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL);
  const ballot = inScope.length < ENOUGH_TO_FIT ? USUAL : await fitBallot(rehearsed);
  const threshold = thresholdOf(rehearsed);
  const heldOut = rehearsed.map((example) => judge(example, ballot, threshold));
  const sure = fitSureness(
    rehearsed.map(({ voices }) => voices.lexical),
    heldOut,
  );
  return {
    head: new Head(encoder, final.dense, final.neighbours, ballot, threshold, sure),
    rehearsal: rehearsal ?? final.dense,
    heldOut,
  };
}

interface Rehearsed extends HeldOutVoices {
  readonly index: number;
  readonly familiarity: number;
}

function rehearse(
  { dense, neighbours }: { readonly dense: Dense; readonly neighbours: Neighbours },
  vector: Float32Array,
  { index, label, scores }: HeldOut,
  { temperature }: Classifier,
): Rehearsed {
  const lexical = logSoftmax(scores.map((score) => score / temperature));
  const { voices, nearest } = hear(dense, neighbours, vector, lexical);
  return { index, label, voices, familiarity: familiarityOf(voices, nearest) };
}

function thresholdOf(rehearsed: readonly Rehearsed[]): number {
  const [offTopic, inScope] = [true, false].map((wanted) =>
    rehearsed
      .filter(({ label }) => (label === OUT_OF_SCOPE_LABEL) === wanted)
      .map((each) => each.familiarity),
  ) as [number[], number[]];
  if (inScope.length >= ENOUGH_TO_FIT) return quantile(inScope, GIVEN_UP);
  return offTopic.length > 0 ? quantile(offTopic, OFF_TOPIC_REFUSED) : -Infinity;
}

function judge(
  { index, label, voices, familiarity }: Rehearsed,
  ballot: Ballot,
  threshold: number,
): HeldOutReading {
  const probabilities = count(ballot, voices);
  probabilities[OUT_OF_SCOPE_LABEL] = 0;
  const predicted = argmax(probabilities);
  return {
    index,
    label,
    predicted,
    confidence: probabilities[predicted]!,
    claimed: familiarity >= threshold,
  };
}
