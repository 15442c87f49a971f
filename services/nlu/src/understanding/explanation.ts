/**
 * Why an utterance has its intent: the training examples most like it, the pieces of it which spoke for the intent,
 * and what each voice gave. For an editor who wonders; it reads the bot's examples anew, so it is not for every turn.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import type { Classifier } from '../lexical/classifier.js';
import { featuresOf } from '../lexical/features.js';
import type { IntentModel } from '../intent/intent-model.js';
import { BotModels } from '../models/bot-models.js';
import { storedVectors } from '../neural/example-vectors.js';
import { selectUtterances } from '../taxonomy/taxonomy.store.js';
import { Understanding, type Reading } from './understanding.js';

export interface Explanation {
  readonly reading: Reading;
  /** The intent that is explained. */
  readonly intent: string;
  /** Nearest first; none without an encoder. */
  readonly neighbours: readonly Neighbour[];
  /** Strongest first. */
  readonly evidence: readonly Evidence[];
  /** Log-probability of the intent by "embedding", "lexical", "neighbours". */
  readonly voices: Readonly<Record<string, number>>;
}

export interface Neighbour {
  readonly text: string;
  readonly intent: string;
  /** Cosine, −1 to 1. */
  readonly similarity: number;
}

export interface Evidence {
  readonly text: string;
  /** What the lexical score of the intent loses, against the mean of all intents, when the piece is left out. */
  readonly weight: number;
}

const MOST_NEIGHBOURS = 8;
const MOST_EVIDENCE = 8;
const READ_AT_MOST = 300;

@Injectable()
export class Explanations {
  constructor(
    private readonly understanding: Understanding,
    private readonly models: BotModels,
    private readonly database: Database,
  ) {}

  /** `intent` empty: the one that was read. Throws `failed_precondition` for a bot nobody has taught. */
  async explain(text: string, locale: string, bot: string, intent: string): Promise<Explanation> {
    const reading = await this.understanding.analyze(text, locale, bot);
    const { intents } = await this.models.of(bot);
    if (!intents)
      throw new AppError('failed_precondition', `${bot} knows no intents yet: teach it some first.`);
    const explained = intent || reading.intent.name;
    const label = intents.classifier.labels.indexOf(explained);
    return {
      reading,
      intent: explained,
      neighbours: await this.neighbours(bot, reading),
      evidence: label < 0 ? [] : evidenceFor(intents.classifier, text, label),
      voices: label < 0 ? {} : voicesFor(intents, text, reading, label),
    };
  }

  private async neighbours(bot: string, { embedding }: Reading): Promise<Neighbour[]> {
    if (!embedding) return [];
    return this.database.transaction(async (tx) => {
      const examples = await selectUtterances(tx, bot);
      const vectors = await storedVectors(
        tx,
        bot,
        embedding.encoder,
        examples.map((example) => example.text),
      );
      return examples
        .flatMap(({ text, intent }, i) => {
          const vector = vectors[i];
          return vector ? [{ text, intent, similarity: dot(vector, embedding.vector) }] : [];
        })
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, MOST_NEIGHBOURS);
    });
  }
}

/** Leaves each piece out in turn: words, or pairs of Chinese characters. */
function evidenceFor(classifier: Classifier, text: string, label: number): Evidence[] {
  const read = text.slice(0, READ_AT_MOST);
  const whole = lead(classifier, read, label);
  return [...read.matchAll(/\p{Script=Han}{1,2}|[\p{L}\p{N}']+/gu)]
    .map(({ 0: piece, index }) => {
      const without = `${read.slice(0, index)} ${read.slice(index + piece.length)}`;
      return { text: piece, weight: whole - lead(classifier, without, label) };
    })
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_EVIDENCE);
}

/** How far the intent's score lies above the mean. */
function lead(classifier: Classifier, text: string, label: number): number {
  const scores = classifier.scores(featuresOf(text));
  return scores[label]! - scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function voicesFor(
  intents: IntentModel,
  text: string,
  { embedding }: Reading,
  label: number,
): Record<string, number> {
  const features = featuresOf(text);
  const voices = embedding && intents.voices(features, embedding);
  if (!voices) return { lexical: intents.lexicalVoice(features)[label]! };
  return {
    embedding: voices.dense[label]!,
    lexical: voices.lexical[label]!,
    neighbours: voices.neighbours[label]!,
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
