/**
 * Which intent of a bot's taxonomy an utterance has, or none. With an embedding the head of its encoder decides, from
 * its own voices and the n-grams; without one, or for an encoder the bot was not trained with, the n-grams alone do.
 * What no bot is for (see off-topic) is a class of its own, which takes its share of the probability.
 */
import { argmax, type Classifier } from '../lexical/classifier.js';
import type { Features } from '../lexical/features.js';
import { logSoftmax } from '../neural/opinion-pool.js';
import type { Voices } from './ballot.js';
import type { Head } from './head.js';
import { OUT_OF_SCOPE, OUT_OF_SCOPE_LABEL } from './out-of-scope.js';

export interface Label {
  readonly name: string;
  /** Probability, 0 to 1. */
  readonly confidence: number;
}

export type Tier = 'lexical' | 'neural';

export interface IntentReading {
  readonly intent: Label;
  /** Other intents, best first, without the chosen one and without out_of_scope. */
  readonly alternatives: readonly Label[];
  /** Ancestors of the intent, nearest first. */
  readonly path: readonly string[];
  readonly tier: Tier;
}

export interface Embedding {
  /** "id@revision" of the encoder. */
  readonly encoder: string;
  /** Float32Array[dimension], of length 1. */
  readonly vector: Float32Array;
}

const MOST_ALTERNATIVES = 4;
const SMALLEST_NAMED = 0.01;
/** What the children of an intent must have together, where none of them alone is probable enough. */
const SURE_FAMILY = 0.6;
/** A text without any known n-gram gives every label the same; that is no sign of a family. */
const ABOVE_CHANCE = 2;

export class IntentModel {
  constructor(
    readonly classifier: Classifier,
    /** An intent less probable than this is not claimed by the n-grams alone. */
    readonly threshold: number,
    /** The parent of each intent which has one. */
    readonly parents: Readonly<Record<string, string>>,
    /** By encoder. */
    readonly heads: ReadonlyMap<string, Head>,
  ) {}

  /** Every name a reading may claim. */
  get known(): ReadonlySet<string> {
    return new Set([...this.classifier.labels, ...Object.values(this.parents)]);
  }

  read(features: Features, embedding?: Embedding): IntentReading {
    const head = embedding && this.heads.get(embedding.encoder);
    if (!head) return this.readLexically(features);
    const { probabilities, familiarity } = head.read(embedding.vector, this.lexicalVoice(features));
    const ranked = this.rank(probabilities);
    const [best] = ranked;
    // "?" and an emoji have no word; they say something only where the bot was taught the very same.
    const isFamiliar = features.length > 0 ? familiarity >= head.threshold : familiarity === Infinity;
    if (!best || !isFamiliar) return nothingFits(ranked, 'neural');
    return this.claim(best, ranked.slice(1), 'neural');
  }

  /** Whether the n-grams alone are sure enough, so that the encoder need not be asked. */
  settles(features: Features, encoder: string): boolean {
    const head = this.heads.get(encoder);
    if (!head) return true;
    const voice = this.lexicalVoice(features);
    return Math.exp(voice[argmax(voice)]!) >= head.sure;
  }

  /** What each voice says of every label; undefined for an encoder the bot was not trained with. */
  voices(features: Features, { encoder, vector }: Embedding): Voices | undefined {
    return this.heads.get(encoder)?.read(vector, this.lexicalVoice(features)).voices;
  }

  /** Float32Array[labels]: log-probabilities by the n-grams. */
  lexicalVoice(features: Features): Float32Array {
    const { temperature } = this.classifier;
    return logSoftmax(this.classifier.scores(features).map((score) => score / temperature));
  }

  private readLexically(features: Features): IntentReading {
    const ranked = this.rank(this.classifier.predict(features));
    const [best] = ranked;
    if (best && best.confidence >= this.threshold) return this.claim(best, ranked.slice(1), 'lexical');
    const family = best && this.family(best, ranked);
    return family && family.confidence >= SURE_FAMILY
      ? this.claim(family, ranked, 'lexical')
      : nothingFits(ranked, 'lexical');
  }

  /** The parent of an intent, as probable as its children together: which of them it is may stay open. */
  private family(best: Label, ranked: readonly Label[]): Label | undefined {
    const name = this.parents[best.name];
    if (!name || best.confidence < ABOVE_CHANCE / this.classifier.labels.length) return undefined;
    const confidence = ranked.reduce(
      (sum, label) => (this.parents[label.name] === name ? sum + label.confidence : sum),
      0,
    );
    return { name, confidence };
  }

  private claim(intent: Label, others: readonly Label[], tier: Tier): IntentReading {
    const alternatives = others.slice(0, MOST_ALTERNATIVES);
    return { intent, alternatives, path: this.pathOf(intent.name), tier };
  }

  /** The intents worth naming, best first. */
  private rank(probabilities: Float32Array): Label[] {
    const ranked: Label[] = [];
    for (let k = 0; k < probabilities.length; k++) {
      const confidence = probabilities[k]!;
      if (confidence < SMALLEST_NAMED || k === OUT_OF_SCOPE_LABEL) continue;
      ranked.push({ name: this.classifier.labels[k]!, confidence });
    }
    return ranked.sort((a, b) => b.confidence - a.confidence);
  }

  private pathOf(name: string): string[] {
    const path: string[] = [];
    for (let parent = this.parents[name]; parent && !path.includes(parent); parent = this.parents[parent]) {
      path.push(parent);
    }
    return path;
  }
}

function nothingFits(ranked: readonly Label[], tier: Tier): IntentReading {
  const intent = { name: OUT_OF_SCOPE, confidence: 1 - (ranked[0]?.confidence ?? 0) };
  return { intent, alternatives: ranked.slice(0, MOST_ALTERNATIVES), path: [], tier };
}
