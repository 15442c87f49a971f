/**
 * Trains a bot as the service does, reads a test in every way the service can (n-grams alone, with the encoder, and
 * the cascade, which asks the encoder only where the n-grams are not sure), and tells how good and how dear each is.
 */
import { decodeHead } from '../../dist/intent/head-bytes.js';
import { IntentModel, type Embedding, type IntentReading } from '../../dist/intent/intent-model.js';
import { OUT_OF_SCOPE } from '../../dist/intent/out-of-scope.js';
import { calibrationError } from '../../dist/intent/scores.js';
import type { LabelledUtterance } from '../../dist/intent/training-set.js';
import { decodeClassifier } from '../../dist/lexical/classifier-bytes.js';
import { featuresOf, type Features } from '../../dist/lexical/features.js';
import type { Encoders } from '../../dist/neural/encoders.js';
import type { EncoderChoice } from '../../dist/settings/bot-settings.js';
import { trainBot, type Reader } from '../../dist/training/bot-training.js';
import type { IntentSet, Split } from './sets.ts';

const TIERS = ['lexical', 'neural', 'cascade'] as const;
export type Tier = (typeof TIERS)[number];

/** Shares are 0 to 1. */
export interface Figures extends Cost {
  /** The best intent is right, whether or not the bot would have claimed it. */
  readonly accuracy: number;
  /** Over all intents that occur or are named, the mean of the splits. */
  readonly macroF1: number;
  readonly calibrationError: number;
  /** Of the out-of-scope utterances found where the least familiar twentieth of the others is given up. */
  readonly recallAt5: number | undefined;
  /** In scope, and yet rejected by the bot as trained. */
  readonly rejected: number;
  /** Out of scope, and rejected by the bot as trained. */
  readonly found: number | undefined;
  /** Utterances for which the encoder ran. */
  readonly encoded: number;
}

interface Cost {
  /** CPU milliseconds per message, all threads. */
  readonly cpuMs: number;
  /** Median milliseconds from text to intent, one message at a time. */
  readonly latencyMs: number;
}

/** Messages whose cost is measured, at most. */
const TIMED = 200;
const REJECTED = 0.05;

/** By encoder, so that no text is encoded twice in a run. */
const vectors = new Map<string, Map<string, Float32Array>>();

export async function readersOf(
  encoders: Encoders,
  choice: EncoderChoice,
  texts: readonly string[],
): Promise<Reader[]> {
  const byEncoder = new Map<string, (Float32Array | undefined)[]>();
  for (const [index, embedding] of (await embed(encoders, choice, texts)).entries()) {
    if (!embedding) continue;
    const own = byEncoder.get(embedding.encoder) ?? texts.map(() => undefined);
    own[index] = embedding.vector;
    byEncoder.set(embedding.encoder, own);
  }
  return [...byEncoder].map(([encoder, vectors]) => ({ encoder, vectors }));
}

export async function embed(
  encoders: Encoders,
  choice: EncoderChoice,
  texts: readonly string[],
): Promise<(Embedding | undefined)[]> {
  const readers = await Promise.all(texts.map((text) => encoders.reading(text, choice)));
  for (const encoder of new Set(readers)) {
    if (!encoder) continue;
    const known = vectors.get(encoder.id) ?? new Map<string, Float32Array>();
    vectors.set(encoder.id, known);
    const missing = [...new Set(texts.filter((text, i) => readers[i] === encoder && !known.has(text)))];
    const encoded = await encoder.encodeAll(missing, { purpose: 'query' });
    missing.forEach((text, i) => known.set(text, encoded[i]!.vector));
  }
  return texts.map((text, i) => {
    const encoder = readers[i]?.id;
    const vector = encoder && vectors.get(encoder)!.get(text);
    return vector && encoder ? { encoder, vector } : undefined;
  });
}

export async function train(
  { parents, encoder }: IntentSet,
  { train }: Split,
  encoders: Encoders,
): Promise<IntentModel> {
  const readers = (texts: readonly string[]) => readersOf(encoders, encoder, texts);
  const trained = await trainBot(train, parents, readers, undefined);
  return new IntentModel(
    decodeClassifier(trained.intents),
    trained.threshold,
    parents,
    new Map([...trained.heads].map(([encoder, bytes]) => [encoder, decodeHead(bytes).head])),
  );
}

/** Without model files the n-grams are all there is. */
export async function measure(set: IntentSet, encoders: Encoders): Promise<Map<Tier, Figures>> {
  const judged = new Map<Tier, Judged[][]>();
  const costs = new Map<Tier, Cost>();
  for (const split of set.splits) {
    const model = await train(set, split, encoders);
    const embeddings = await embed(
      encoders,
      set.encoder,
      split.test.map(({ text }) => text),
    );
    for (const tier of TIERS) {
      if (tier !== 'lexical' && !embeddings.some(Boolean)) continue;
      const own = split.test.map((example, i) => judge(example, model, embeddings[i], tier));
      judged.set(tier, [...(judged.get(tier) ?? []), own]);
      if (split === set.splits.at(-1)) costs.set(tier, await cost(set, split, model, encoders, tier));
    }
  }
  return new Map([...judged].map(([tier, all]) => [tier, { ...scored(all), ...costs.get(tier)! }]));
}

interface Judged {
  readonly label: string;
  readonly predicted: string;
  readonly confidence: number;
  readonly rejected: boolean;
  /** The less, the sooner it is given up. */
  readonly familiarity: number;
  readonly encoded: boolean;
}

function judge(
  { text, intent: label }: LabelledUtterance,
  model: IntentModel,
  embedding: Embedding | undefined,
  tier: Tier,
): Judged {
  const features = featuresOf(text);
  const asked = embedding && asksEncoder(tier, model, features, embedding.encoder) ? embedding : undefined;
  const reading = model.read(features, asked);
  const best = bestOf(reading);
  const head = asked && model.heads.get(asked.encoder);
  return {
    label,
    predicted: best?.name ?? '',
    confidence: best?.confidence ?? 0,
    rejected: reading.intent.name === OUT_OF_SCOPE,
    familiarity: head
      ? head.read(asked.vector, model.lexicalVoice(features)).familiarity
      : (best?.confidence ?? 0),
    encoded: asked !== undefined,
  };
}

function asksEncoder(tier: Tier, model: IntentModel, features: Features, encoder: string): boolean {
  return tier === 'neural' || (tier === 'cascade' && !model.settles(features, encoder));
}

function scored(splits: readonly (readonly Judged[])[]): Omit<Figures, keyof Cost> {
  const judged = splits.flat();
  const inScope = judged.filter(isInScope);
  const outOfScope = judged.filter((one) => !isInScope(one));
  const some = outOfScope.length > 0;
  // Two ways of reading have no familiarity in common: the cascade is judged as it is set.
  const comparable = some && new Set(judged.map(({ encoded }) => encoded)).size === 1;
  const limit = inScope.map(({ familiarity }) => familiarity).sort((a, b) => a - b)[
    Math.floor(inScope.length * REJECTED)
  ]!;
  return {
    accuracy: share(inScope, ({ label, predicted }) => label === predicted),
    macroF1: splits.reduce((sum, split) => sum + macroF1(split.filter(isInScope)), 0) / splits.length,
    calibrationError: calibrationError(inScope),
    recallAt5: comparable ? share(outOfScope, ({ familiarity }) => familiarity < limit) : undefined,
    rejected: share(inScope, ({ rejected }) => rejected),
    found: some ? share(outOfScope, ({ rejected }) => rejected) : undefined,
    encoded: share(judged, ({ encoded }) => encoded),
  };
}

function isInScope({ label }: Judged): boolean {
  return label !== OUT_OF_SCOPE;
}

function bestOf({ intent, alternatives }: IntentReading) {
  return intent.name === OUT_OF_SCOPE ? alternatives[0] : intent;
}

/** Like scikit-learn's: a name that is claimed and never right counts as an intent with F1 0. */
function macroF1(judged: readonly Judged[]): number {
  const actual = Map.groupBy(judged, ({ label }) => label);
  const claimed = Map.groupBy(judged, ({ predicted }) => predicted);
  const names = new Set([...actual.keys(), ...claimed.keys()].filter((name) => name !== ''));
  let sum = 0;
  for (const name of names) {
    const right = actual.get(name)?.filter(({ predicted }) => predicted === name).length ?? 0;
    sum += (2 * right) / ((actual.get(name)?.length ?? 0) + (claimed.get(name)?.length ?? 0));
  }
  return sum / names.size;
}

/** One message at a time, as `Understanding` does it. */
async function cost(
  { encoder: choice }: IntentSet,
  { test }: Split,
  model: IntentModel,
  encoders: Encoders,
  tier: Tier,
): Promise<Cost> {
  const step = Math.ceil(test.length / TIMED);
  const timed = test.filter((_, i) => i % step === 0);
  const passed: number[] = [];
  const before = process.cpuUsage();
  for (const { text } of timed) {
    const start = performance.now();
    const features = featuresOf(text);
    const encoder = tier === 'lexical' ? undefined : await encoders.reading(text, choice);
    const asked = encoder && asksEncoder(tier, model, features, encoder.id) ? encoder : undefined;
    const encoding = await asked?.encode(text, { purpose: 'query' });
    model.read(features, asked && { encoder: asked.id, vector: encoding!.vector });
    passed.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    cpuMs: (user + system) / 1_000 / timed.length,
    latencyMs: passed.sort((a, b) => a - b)[Math.floor(passed.length / 2)]!,
  };
}

export function share<T>(items: readonly T[], holds: (item: T) => unknown): number {
  return items.filter((item) => holds(item)).length / items.length;
}
