/** How much each of the three voices about an intent counts, in a pool of their opinions. */
import { fitPool, pool } from '../neural/opinion-pool.js';

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

/** Float32Array[labels], sums to 1. */
export function count(ballot: Ballot, voices: Voices): Float32Array {
  return pool([ballot.dense, ballot.lexical, ballot.neighbours], inOrder(voices));
}

export async function fitBallot(heldOut: readonly HeldOutVoices[]): Promise<Ballot> {
  const opinions = heldOut.map(({ voices, label }) => ({ voices: inOrder(voices), label }));
  const found = await fitPool(opinions, [USUAL.dense, USUAL.lexical, USUAL.neighbours]);
  const [dense, lexical, neighbours] = found as [number, number, number];
  return { dense, lexical, neighbours };
}

function inOrder({ dense, lexical, neighbours }: Voices): Float32Array[] {
  return [dense, lexical, neighbours];
}
