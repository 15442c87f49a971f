/**
 * How much each voice counts: the three weights with which the voices' log-probabilities are added, fitted on held-out
 * examples by cross-entropy (logarithmic opinion pool; Heskes, 1998). Their sum also sets how sure the result sounds,
 * so it needs no temperature of its own.
 */
import { minimise } from '../neural/lbfgs.js';

/** Log-probabilities, Float32Array[labels] each, of one utterance. */
export interface Voices {
  readonly dense: Float32Array;
  readonly lexical: Float32Array;
  readonly neighbours: Float32Array;
}

export interface Ballot {
  readonly dense: number;
  readonly lexical: number;
  readonly neighbours: number;
}

export interface HeldOutVoices {
  readonly voices: Voices;
  readonly label: number;
}

/** What serves where too few examples are held out to fit anything. */
export const USUAL: Ballot = { dense: 1, lexical: 0.4, neighbours: 0.6 };

/** More do not change the weights any more. */
const ENOUGH = 1_500;
/**
 * Pull towards the usual weights, per squared difference of their logarithms. Where every held-out example is right
 * anyway, the loss alone would let one voice grow until the others are never heard.
 */
const PULL = 0.01;
const LIMITS = { iterations: 25, tolerance: 1e-4 };

/** Float32Array[labels], sums to 1. */
export function count(ballot: Ballot, { dense, lexical, neighbours }: Voices): Float32Array {
  const sum = dense.map(
    (value, k) => ballot.dense * value + ballot.lexical * lexical[k]! + ballot.neighbours * neighbours[k]!,
  );
  return logSoftmax(sum).map(Math.exp);
}

export async function fitBallot(heldOut: readonly HeldOutVoices[]): Promise<Ballot> {
  const examples = everyNth(heldOut, Math.ceil(heldOut.length / ENOUGH));
  // Over logarithms, so that no weight turns negative.
  const start = Float64Array.of(Math.log(USUAL.dense), Math.log(USUAL.lexical), Math.log(USUAL.neighbours));
  const objective = async (at: Float64Array) => pulled(lossOf(examples, at), at, start);
  const found = await minimise(objective, start, LIMITS);
  const [dense, lexical, neighbours] = found.map(Math.exp) as unknown as [number, number, number];
  return { dense, lexical, neighbours };
}

function pulled(
  { value, gradient }: ReturnType<typeof lossOf>,
  at: Float64Array,
  usual: Float64Array,
): ReturnType<typeof lossOf> {
  const apart = at.map((weight, i) => weight - usual[i]!);
  const squares = apart.reduce((sum, distance) => sum + distance ** 2, 0);
  return {
    value: value + PULL * squares,
    gradient: gradient.map((slope, i) => slope + 2 * PULL * apart[i]!),
  };
}

function lossOf(examples: readonly HeldOutVoices[], at: Float64Array) {
  const [dense, lexical, neighbours] = at.map(Math.exp) as unknown as [number, number, number];
  const gradient = new Float64Array(3);
  let value = 0;
  for (const { voices, label } of examples) {
    const shares = count({ dense, lexical, neighbours }, voices);
    value -= Math.log(shares[label]! + 1e-9) / examples.length;
    [voices.dense, voices.lexical, voices.neighbours].forEach((voice, i) => {
      let expected = 0;
      for (let k = 0; k < shares.length; k++) expected += shares[k]! * voice[k]!;
      gradient[i]! += ((expected - voice[label]!) * Math.exp(at[i]!)) / examples.length;
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
