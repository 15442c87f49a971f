/**
 * Which intent of a bot's taxonomy an utterance has, or none: an utterance is out of scope when no intent is probable
 * enough. What no bot is for (see off-topic) is a class of its own, which takes its share of the probability.
 */
import type { Classifier } from './classifier.js';
import type { Features } from './features.js';

export const OUT_OF_SCOPE = 'out_of_scope';

export interface Label {
  readonly name: string;
  /** Probability, 0 to 1. */
  readonly confidence: number;
}

export interface IntentReading {
  readonly intent: Label;
  /** Other intents, best first, without the chosen one and without out_of_scope. */
  readonly alternatives: readonly Label[];
  /** Ancestors of the intent, nearest first. */
  readonly path: readonly string[];
}

const MOST_ALTERNATIVES = 4;
const SMALLEST_NAMED = 0.01;

export class IntentModel {
  private readonly outOfScope: number;

  constructor(
    readonly classifier: Classifier,
    /** An intent less probable than this is not claimed. */
    readonly threshold: number,
    /** The parent of each intent which has one. */
    readonly parents: Readonly<Record<string, string>>,
  ) {
    this.outOfScope = classifier.labels.indexOf(OUT_OF_SCOPE);
  }

  read(features: Features): IntentReading {
    const ranked = this.rank(this.classifier.predict(features));
    const best = ranked[0];
    if (!best || best.confidence < this.threshold) {
      const intent = { name: OUT_OF_SCOPE, confidence: 1 - (best?.confidence ?? 0) };
      return { intent, alternatives: ranked.slice(0, MOST_ALTERNATIVES), path: [] };
    }
    return {
      intent: best,
      alternatives: ranked.slice(1, MOST_ALTERNATIVES + 1),
      path: this.pathOf(best.name),
    };
  }

  /** The intents worth naming, best first. */
  private rank(probabilities: Float32Array): Label[] {
    const ranked: Label[] = [];
    for (let k = 0; k < probabilities.length; k++) {
      const confidence = probabilities[k]!;
      if (confidence < SMALLEST_NAMED || k === this.outOfScope) continue;
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
