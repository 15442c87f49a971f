/**
 * Fits the neural head of one encoder beside a bot's lexical model: the linear layer, the neighbours, what each voice
 * counts, and how familiar an utterance must be. Everything that is fitted or reported comes from examples the voices
 * had not seen.
 */
import type { Classifier } from '../lexical/classifier.js';
import { argmax } from '../lexical/classifier.js';
import { FOLDS, heldOutFolds, type HeldOut } from '../lexical/classifier-training.js';
import { runInSlices, type Sliced } from '../lexical/slices.js';
import { trainDense } from '../neural/dense-training.js';
import type { Dense } from '../neural/dense.js';
import { Neighbours } from '../neural/neighbours.js';
import { logSoftmax } from '../neural/opinion-pool.js';
import { fitBallot, USUAL } from './ballot.js';
import { Head, hear, weigh, type Heard } from './head.js';
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

/**
 * `vectors[i]` belongs to example i; undefined where the example is of a language this encoder does not read. The layers are fitted in threads of their own, beside the lexical model, which may still be in training.
 */
export async function trainHead(
  encoder: string,
  { labels, examples }: TrainingSet,
  vectors: readonly (Float32Array | undefined)[],
  lexicalTraining: Promise<TrainedLexical>,
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
  const rehearsals: { readonly fold: number; readonly voices: Fitted }[] = [];
  for (const fold of heldOutFolds(examples)) {
    const inFold = (index: number) => examples[index]!.fold % FOLDS === fold;
    const rest = own.filter((index) => !inFold(index));
    if (rest.length === 0 || rest.length === own.length) continue;
    rehearsals.push({
      fold,
      voices: await fit(rest, rehearsals.length === 0 ? start?.rehearsal : undefined),
    });
  }
  const final = await fit(own, start?.dense);

  const lexical = await lexicalTraining;
  const inFold = Map.groupBy(lexical.heldOut, ({ index }) => examples[index]!.fold % FOLDS);
  const rehearsed: Rehearsed[] = [];
  for (const { fold, voices } of rehearsals) {
    const judged = (inFold.get(fold) ?? []).filter(({ index }) => vectors[index] !== undefined);
    rehearsed.push(...(await runInSlices(rehearse(voices, vectors, judged, lexical.classifier))));
  }
  const inScope = rehearsed.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL);
  const ballot = inScope.length < ENOUGH_TO_FIT ? USUAL : await fitBallot(rehearsed);
  const readings = rehearsed.map((heard) => weigh(ballot, heard));
  const familiarity = readings.map((reading) => reading.familiarity);
  const threshold = thresholdOf(rehearsed, familiarity);
  const heldOut = rehearsed.map((example, i) => judge(example, readings[i]!, threshold));
  const sure = fitSureness(
    rehearsed.map(({ voices }) => voices.lexical),
    heldOut,
  );
  return {
    head: new Head(encoder, final.dense, final.neighbours, ballot, threshold, sure),
    rehearsal: rehearsals[0]?.voices.dense ?? final.dense,
    heldOut,
  };
}

interface Fitted {
  readonly dense: Dense;
  readonly neighbours: Neighbours;
}

interface Rehearsed extends Heard {
  readonly index: number;
  readonly label: number;
}

const HEARD_PER_SLICE = 4;

function* rehearse(
  { dense, neighbours }: Fitted,
  vectors: readonly (Float32Array | undefined)[],
  heldOut: readonly HeldOut[],
  { temperature }: Classifier,
): Sliced<Rehearsed[]> {
  const rehearsed: Rehearsed[] = [];
  for (const { index, label, scores } of heldOut) {
    const lexical = logSoftmax(scores.map((score) => score / temperature));
    rehearsed.push({ index, label, ...hear(dense, neighbours, vectors[index]!, lexical) });
    if (rehearsed.length % HEARD_PER_SLICE === 0) yield;
  }
  return rehearsed;
}

function thresholdOf(rehearsed: readonly Rehearsed[], familiarity: readonly number[]): number {
  const of = (outOfScope: boolean) =>
    familiarity.filter((_, i) => (rehearsed[i]!.label === OUT_OF_SCOPE_LABEL) === outOfScope);
  const [inScope, offTopic] = [of(false), of(true)];
  if (inScope.length >= ENOUGH_TO_FIT) return quantile(inScope, GIVEN_UP);
  return offTopic.length > 0 ? quantile(offTopic, OFF_TOPIC_REFUSED) : -Infinity;
}

function judge(
  { index, label }: Rehearsed,
  { probabilities, familiarity }: ReturnType<typeof weigh>,
  threshold: number,
): HeldOutReading {
  const intents = probabilities.slice();
  intents[OUT_OF_SCOPE_LABEL] = 0;
  const predicted = argmax(intents);
  return { index, label, predicted, confidence: intents[predicted]!, claimed: familiarity >= threshold };
}
