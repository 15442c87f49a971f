/**
 * What a training makes of what a bot was taught: the lexical model, a neural head for each encoder that reads some of
 * its examples, its emotions, and how good all that is on examples held out.
 */
import { encodeHead } from '../intent/head-bytes.js';
import { trainHead, type HeldOutReading, type Start, type TrainedHead } from '../intent/head-training.js';
import { trainLexical, type TrainedLexical } from '../intent/intent-training.js';
import { OUT_OF_SCOPE_LABEL } from '../intent/out-of-scope.js';
import { scoresOf } from '../intent/scores.js';
import { trainingSetOf, type LabelledUtterance, type TrainingSet } from '../intent/training-set.js';
import { argmax } from '../lexical/classifier.js';
import { encodeClassifier } from '../lexical/classifier-bytes.js';
import { runInSlices } from '../lexical/slices.js';
import type { Predecessor } from '../models/bot-models.js';
import type { HeldOutCounts, StoredModel } from '../models/model.store.js';
import { Dense } from '../neural/dense.js';

/** An encoder with the examples it reads. */
export interface Reader {
  /** "id@revision". */
  readonly encoder: string;
  /** Vectors of the texts this encoder reads, by index; undefined for the others. */
  readonly vectors: readonly (Float32Array | undefined)[];
}

export type TrainedBot = Pick<
  StoredModel,
  'intents' | 'threshold' | 'parents' | 'scores' | 'heldOut' | 'heads'
>;

export async function trainBot(
  utterances: readonly LabelledUtterance[],
  parents: Readonly<Record<string, string>>,
  readers: (texts: readonly string[]) => Promise<readonly Reader[]>,
  predecessor: Predecessor | undefined,
): Promise<TrainedBot> {
  const set = await runInSlices(trainingSetOf(utterances));
  const training = runInSlices(trainLexical(set));
  const [lexical, trainedHeads] = await Promise.all([
    training,
    trainHeads(set, training, readers, predecessor),
  ]);
  const heads = new Map([...trainedHeads].map(([encoder, trained]) => [encoder, encodeHead(trained)]));
  const heldOut = new Map(
    [...trainedHeads.values()].flatMap((trained) =>
      trained.heldOut.map((reading) => [reading.index, reading] as const),
    ),
  );
  // What no head reads is read by the n-grams.
  const readings = lexical.heldOut.map(
    (example) => heldOut.get(example.index) ?? readLexically(example, lexical),
  );
  return {
    intents: encodeClassifier(lexical.classifier),
    threshold: lexical.threshold,
    parents,
    scores: scoresOf(readings),
    heldOut: countsOf(readings, set),
    heads,
  };
}

/** By encoder. */
async function trainHeads(
  set: TrainingSet,
  lexical: Promise<TrainedLexical>,
  readers: (texts: readonly string[]) => Promise<readonly Reader[]>,
  predecessor: Predecessor | undefined,
): Promise<Map<string, TrainedHead>> {
  const heads = new Map<string, TrainedHead>();
  for (const { encoder, vectors } of await readers(set.examples.map(({ text }) => text))) {
    const start = predecessor && startFrom(predecessor, encoder, set.labels);
    const head = await trainHead(encoder, set, vectors, lexical, start);
    if (head) heads.set(encoder, head);
  }
  return heads;
}

function readLexically(
  { index, label, scores }: TrainedLexical['heldOut'][number],
  { classifier, threshold }: TrainedLexical,
): HeldOutReading {
  const probabilities = classifier.probabilities(scores);
  probabilities[OUT_OF_SCOPE_LABEL] = 0;
  const predicted = argmax(probabilities);
  const confidence = probabilities[predicted]!;
  return { index, label, predicted, confidence, claimed: confidence >= threshold };
}

function countsOf(readings: readonly HeldOutReading[], { labels }: TrainingSet): HeldOutCounts {
  const counts: Record<string, [number, number]> = {};
  for (const { label, predicted } of readings) {
    if (label === OUT_OF_SCOPE_LABEL) continue;
    const count = (counts[labels[label]!] ??= [0, 0]);
    if (predicted === label) count[0]++;
    count[1]++;
  }
  return counts;
}

/** The predecessor's layers with the columns of today's labels; undefined when it had no head of this encoder. */
function startFrom(
  { labels: before, heads }: Predecessor,
  encoder: string,
  labels: readonly string[],
): Start | undefined {
  const stored = heads.get(encoder);
  if (!stored) return undefined;
  const columns = labels.map((label) => before.indexOf(label));
  return { dense: rearranged(stored.head.dense, columns), rehearsal: rearranged(stored.rehearsal, columns) };
}

/** Column k comes from column `columns[k]`; a new label begins at zero. */
function rearranged({ dimension, width, weights }: Dense, columns: readonly number[]): Dense {
  const moved = new Float32Array((dimension + 1) * columns.length);
  for (let row = 0; row <= dimension; row++) {
    columns.forEach((from, k) => {
      if (from >= 0) moved[row * columns.length + k] = weights[row * width + from]!;
    });
  }
  return new Dense(dimension, columns.length, moved);
}
