/**
 * How a customer feels: emotion and sentiment, each from the n-grams, and where an encoder with a head read the text
 * from its features too. One run of the encoder is enough: it hears the message as a whole, the n-grams hear every
 * clause.
 */
import type { Embedding, Label } from '../intent/intent-model.js';
import { argmax, type Classifier } from '../lexical/classifier.js';
import { featuresOf } from '../lexical/features.js';
import { logSoftmax } from '../neural/opinion-pool.js';
import { emotions, sentiments } from './emotion-examples.js';
import type { EmotionHead } from './emotion-head.js';

export interface EmotionReading {
  readonly emotion: Label;
  /** −1 (negative) to 1 (positive): the probability of a positive sentiment less that of a negative one. */
  readonly sentiment: number;
}

/** What an encoder made of a text, for everything that reads it. */
export interface Encoded extends Embedding {
  /** Float32Array[(layers + 1) × dimension]; empty for an encoder without layers. */
  readonly features: Float32Array;
}

/** What one encoder tells. */
export interface EmotionHeads {
  readonly emotion: EmotionHead;
  readonly sentiment: EmotionHead;
}

const NEUTRAL = emotions.indexOf('neutral');
const HAPPY = emotions.indexOf('happy');
const NEGATIVE = sentiments.indexOf('negative');
const POSITIVE = sentiments.indexOf('positive');
const READ_AT_MOST = 500;
const MOST_CLAUSES = 8;

export class EmotionModel {
  constructor(
    /** Labels: `emotions`. */
    readonly emotion: Classifier,
    /** Labels: `sentiments`. */
    readonly sentiment: Classifier,
    /** By encoder. */
    readonly heads: ReadonlyMap<string, EmotionHeads>,
  ) {}

  read(text: string, encoded?: Encoded): EmotionReading {
    const heads = encoded && this.heads.get(encoded.encoder);
    const fromWords = {
      emotion: mostNegative(this.emotion, text),
      sentiment: hear(this.sentiment, text),
    };
    const felt = heads
      ? heads.emotion.read(encoded.features, fromWords.emotion)
      : fromWords.emotion.map(Math.exp);
    const judged = heads
      ? heads.sentiment.read(encoded.features, fromWords.sentiment)
      : fromWords.sentiment.map(Math.exp);
    const best = argmax(felt);
    return {
      emotion: { name: emotions[best]!, confidence: felt[best]! },
      sentiment: judged[POSITIVE]! - judged[NEGATIVE]!,
    };
  }
}

/**
 * What the n-grams say of the message as a whole or of one of its clauses, whichever is the most negative: "where is
 * my order, this is outrageous" is angry, however matter-of-fact its first half. Thanks in passing make nobody happy.
 */
function mostNegative(classifier: Classifier, text: string): Float32Array {
  let believed = hear(classifier, text);
  const clauses = clausesOf(text);
  for (const clause of clauses.length > 1 ? clauses : []) {
    const heard = hear(classifier, clause);
    if (negativity(heard) > negativity(believed)) believed = heard;
  }
  return believed;
}

/** Float32Array[labels]: log-probabilities. */
function hear(classifier: Classifier, text: string): Float32Array {
  const scores = classifier.scores(featuresOf(text));
  return logSoftmax(scores.map((score) => score / classifier.temperature));
}

function negativity(logs: Float32Array): number {
  return 1 - Math.exp(logs[NEUTRAL]!) - Math.exp(logs[HAPPY]!);
}

/** The first few clauses with anything in them. */
function clausesOf(text: string): string[] {
  return text
    .slice(0, READ_AT_MOST)
    .split(/[，。！？；,.!?;\n]+/)
    .filter((clause) => clause.trim() !== '')
    .slice(0, MOST_CLAUSES);
}
