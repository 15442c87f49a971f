/**
 * What an intent model is trained on: a bot's own examples, and off-topic utterances in its languages as examples of
 * out_of_scope, without those which an intent of the bot is about. Every example belongs to a fold which its text alone decides, so
 * that versions are measured on the same held-out examples.
 */
import { detectLanguage } from '@frontdesk/core';
import type { LabelledFeatures } from '../lexical/classifier-training.js';
import { featuresOf, foldOf, type Features } from '../lexical/features.js';
import type { Sliced } from '../lexical/slices.js';
import { offTopic } from './off-topic.js';
import { OUT_OF_SCOPE, OUT_OF_SCOPE_LABEL } from './out-of-scope.js';

export interface LabelledUtterance {
  readonly text: string;
  /** Name of the intent; `out_of_scope` teaches the bot what it is not for. */
  readonly intent: string;
}

export interface TrainingExample extends LabelledFeatures {
  readonly text: string;
}

export interface TrainingSet {
  /** Intents by label; the first is out_of_scope. */
  readonly labels: readonly string[];
  readonly examples: readonly TrainingExample[];
}

/** Off-topic utterances of whose n-grams one intent's examples hold more than this are that bot's own topic. */
const COVERED = 0.8;
const UTTERANCES_PER_SLICE = 64;

export function* trainingSetOf(utterances: readonly LabelledUtterance[]): Sliced<TrainingSet> {
  const labels = [...new Set([OUT_OF_SCOPE, ...utterances.map((utterance) => utterance.intent)])];
  const index = new Map(labels.map((label, k) => [label, k]));
  const own: TrainingExample[] = [];
  for (const { text, intent } of utterances) {
    own.push(exampleOf(text, index.get(intent)!));
    if (own.length % UTTERANCES_PER_SLICE === 0) yield;
  }
  return { labels, examples: [...own, ...(yield* offTopicApartFrom(own))] };
}

function exampleOf(text: string, label: number): TrainingExample {
  const features = featuresOf(text);
  return { text, label, features, fold: foldOf(features) };
}

function* offTopicApartFrom(own: readonly TrainingExample[]): Sliced<TrainingExample[]> {
  const known = new Map<number, Set<number>>();
  for (const { features, label } of own) {
    if (label === OUT_OF_SCOPE_LABEL) continue;
    const keys = known.get(label) ?? new Set<number>();
    for (const key of features) keys.add(key);
    known.set(label, keys);
  }
  yield;
  const covered = (features: Features) =>
    [...known.values()].some(
      (keys) => features.filter((key) => keys.has(key)).length > COVERED * features.length,
    );
  const apart: TrainingExample[] = [];
  for (const text of yield* offTopicInLanguagesOf(own)) {
    const example = exampleOf(text, OUT_OF_SCOPE_LABEL);
    if (!covered(example.features)) apart.push(example);
    yield;
  }
  return apart;
}

/** Less than this share of a bot's examples is names and stray words of a language, not a language it speaks. */
const SPOKEN_FROM = 0.05;

/**
 * A bot taught in English alone would learn that whatever is Chinese is out of scope, and an encoder that reads both
 * could no longer carry its intents over. A bot taught in none of the languages gets them all.
 */
function* offTopicInLanguagesOf(own: readonly TrainingExample[]): Sliced<readonly string[]> {
  const spoken = new Map<string, number>();
  for (const [index, { text }] of own.entries()) {
    const { language } = detectLanguage(text);
    spoken.set(language, (spoken.get(language) ?? 0) + 1);
    if (index % UTTERANCES_PER_SLICE === 0) yield;
  }
  const languages = Object.keys(offTopic);
  const shared = languages.filter((language) => (spoken.get(language) ?? 0) >= SPOKEN_FROM * own.length);
  return (shared.length > 0 ? shared : languages).flatMap((language) => offTopic[language]!);
}
