/**
 * Several voices about one text made into one: the weights with which their log-probabilities are added (logarithmic
 * opinion pool; Heskes, 1998), fitted on held-out examples by cross-entropy. The sum of the weights also sets how sure
 * the result sounds, so it needs no temperature of its own.
 */
import { minimise } from './lbfgs.js';

export interface HeldOutOpinions {
  /** Log-probabilities, Float32Array[labels] of each voice. */
  readonly voices: readonly Float32Array[];
  readonly label: number;
}

/** More do not change the weights any more. */
const ENOUGH = 1_500;
/**
 * Pull towards the weights it starts from, per squared difference of their logarithms. Where every held-out example is
 * right anyway, the loss alone would let one voice grow until the others are never heard.
 */
const PULL = 0.01;
const LIMITS = { iterations: 25, tolerance: 1e-4 };

/** Float32Array[labels], sums to 1. */
export function pool(weights: readonly number[], voices: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(voices[0]!.length);
  voices.forEach((voice, i) => {
    for (let k = 0; k < sum.length; k++) sum[k]! += weights[i]! * voice[k]!;
  });
  return logSoftmax(sum).map(Math.exp);
}

/** One weight per voice, none of them negative; the search begins near `start`, whose weights are above 0. */
export async function fitPool(
  heldOut: readonly HeldOutOpinions[],
  start: readonly number[],
): Promise<number[]> {
  const examples = everyNth(heldOut, Math.ceil(heldOut.length / ENOUGH));
  // Over logarithms, so that no weight turns negative.
  const from = Float64Array.from(start, Math.log);
  const found = await minimise(async (at) => pulled(lossOf(examples, at), at, from), from, LIMITS);
  return Array.from(found, Math.exp);
}

function pulled({ value, gradient }: Loss, at: Float64Array, from: Float64Array): Loss {
  const apart = at.map((weight, i) => weight - from[i]!);
  const squares = apart.reduce((sum, distance) => sum + distance ** 2, 0);
  return {
    value: value + PULL * squares,
    gradient: gradient.map((slope, i) => slope + 2 * PULL * apart[i]!),
  };
}

interface Loss {
  readonly value: number;
  readonly gradient: Float64Array;
}

function lossOf(examples: readonly HeldOutOpinions[], at: Float64Array): Loss {
  const weights = Array.from(at, Math.exp);
  const gradient = new Float64Array(at.length);
  let value = 0;
  for (const { voices, label } of examples) {
    const shares = pool(weights, voices);
    value -= Math.log(shares[label]! + 1e-9) / examples.length;
    voices.forEach((voice, i) => {
      let expected = 0;
      for (let k = 0; k < shares.length; k++) expected += shares[k]! * voice[k]!;
      gradient[i]! += ((expected - voice[label]!) * weights[i]!) / examples.length;
    });
  }
  return { value, gradient };
}

function everyNth<T>(items: readonly T[], n: number): T[] {
  return items.filter((_, index) => index % n === 0);
}

/** In place: x − log Σ exp x. */
export function logSoftmax(scores: Float32Array): Float32Array {
  let highest = -Infinity;
  for (let k = 0; k < scores.length; k++) if (scores[k]! > highest) highest = scores[k]!;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += Math.exp(scores[k]! - highest);
  const shift = highest + Math.log(sum);
  for (let k = 0; k < scores.length; k++) scores[k]! -= shift;
  return scores;
}
