/**
 * What a text feels like with one encoder, for any set of labels: emotions, sentiments, those of a data set. Two voices
 * are heard: a linear layer over the features of several layers of the encoder (the last one alone has forgotten much
 * of the tone), and the n-grams, which know the swear words.
 */
import type { Dense } from '../neural/dense.js';
import { logSoftmax, pool } from '../neural/opinion-pool.js';

/** How much each voice counts. */
export interface EmotionWeights {
  readonly dense: number;
  readonly lexical: number;
}

export class EmotionHead {
  constructor(
    readonly dense: Dense,
    readonly weights: EmotionWeights,
  ) {}

  /**
   * `features` are those of the encoder the head was trained with, `lexical` log-probabilities by the n-grams. Gives
   * Float32Array[labels], which sums to 1.
   */
  read(features: Float32Array, lexical: Float32Array): Float32Array {
    const { dense, weights } = this;
    return pool([weights.dense, weights.lexical], [logSoftmax(dense.scores(features)), lexical]);
  }
}
