/**
 * The neural reading of a bot's intents with one encoder. Three voices are heard: a linear layer over the embedding,
 * the n-grams (which the lexical tier has read anyway), and the most similar examples. Together they are right where
 * each alone errs; where they know nothing alike, the utterance is out of scope.
 */
import { argmax } from '../lexical/classifier.js';
import type { Dense } from '../neural/dense.js';
import { CANDIDATES, type Neighbours } from '../neural/neighbours.js';
import { logSoftmax } from '../neural/opinion-pool.js';
import { count, type Ballot, type Voices } from './ballot.js';
import { OUT_OF_SCOPE_LABEL } from './out-of-scope.js';

export interface HeadReading {
  /** Float32Array[labels], sums to 1. */
  readonly probabilities: Float32Array;
  readonly voices: Voices;
  /** How much the utterance is like what the bot was taught; see `weigh`. */
  readonly familiarity: number;
}

/** What was heard of one utterance. */
export interface Heard {
  readonly voices: Voices;
  /** Similarity of the nearest example; see `NeighbourVote`. */
  readonly nearest: number;
}

/** Weight of the similarity of the nearest example beside the log-probabilities of the other voices. */
const SIMILARITY = 5;

export class Head {
  constructor(
    /** "id@revision": only vectors of this encoder are read. */
    readonly encoder: string,
    readonly dense: Dense,
    readonly neighbours: Neighbours,
    readonly ballot: Ballot,
    /** Less familiar utterances are out of scope. */
    readonly threshold: number,
    /** From this probability on the n-grams alone may answer (see sureness). */
    readonly sure: number,
  ) {}

  /** `vector` is the embedding, `lexical` the log-probabilities of the lexical model; the labels are those of both. */
  read(vector: Float32Array, lexical: Float32Array): HeadReading {
    const heard = hear(this.dense, this.neighbours, vector, lexical);
    return { voices: heard.voices, ...weigh(this.ballot, heard) };
  }
}

/** What each voice says of one utterance. */
export function hear(
  dense: Dense,
  neighbours: Neighbours,
  vector: Float32Array,
  lexical: Float32Array,
): Heard {
  const fromVector = logSoftmax(dense.scores(vector));
  const { logShares, nearest } = neighbours.vote(vector, likeliest(fromVector, lexical));
  return { voices: { dense: fromVector, lexical, neighbours: logShares }, nearest };
}

/** N-grams which give no label this many times its even share have not seen the like: a text in another language. */
const SAYS_SOMETHING = 1.5;

/**
 * From this cosine on two texts say the same, nearly word for word. An encoder that reads a text in another batch gives
 * it a vector this near to the one before.
 */
const SAME = 0.95;

/**
 * What the voices say together. An utterance that is nearly word for word an example is what that example is: one
 * correction counts, however many examples the other voices have against it.
 */
export function weigh(
  ballot: Ballot,
  { voices, nearest }: Heard,
): Pick<HeadReading, 'probabilities' | 'familiarity'> {
  if (nearest < SAME)
    return { probabilities: count(ballot, voices), familiarity: familiarityOf(voices, nearest) };
  const probabilities = logSoftmax(voices.neighbours.slice()).map(Math.exp);
  const isTaught = argmax(probabilities) !== OUT_OF_SCOPE_LABEL;
  return { probabilities, familiarity: isTaught ? Infinity : -Infinity };
}

/**
 * The more, the more familiar: how sure the embedding and the n-grams each are of their best intent, and how near the
 * nearest example is. On clinc150's questions outside its intents this finds nine in ten where one in twenty of the
 * others is given up; the probability of the best intent alone finds three in four. N-grams that know nothing of the
 * text abstain, or no encoder could carry intents over to a language they were not taught in.
 */
function familiarityOf({ dense, lexical }: Voices, nearest: number): number {
  const abstains = lexical[argmax(lexical)]! < Math.log(SAYS_SOMETHING / lexical.length);
  return bestIntent(dense) + (abstains ? 0 : bestIntent(lexical)) + SIMILARITY * nearest;
}

function bestIntent(logs: Float32Array): number {
  let best = -Infinity;
  for (let k = 0; k < logs.length; k++) if (k !== OUT_OF_SCOPE_LABEL && logs[k]! > best) best = logs[k]!;
  return best;
}

/** Share of the lexical voice in the choice of the labels that are searched for neighbours. */
const LEXICAL_SHARE = 0.3;

/** With the best of the n-grams in any case: they know a text by heart which the linear layer saw only once. */
function likeliest(dense: Float32Array, lexical: Float32Array): number[] {
  const best: { label: number; score: number }[] = [];
  for (let label = 0; label < dense.length; label++) {
    const score = dense[label]! + LEXICAL_SHARE * lexical[label]!;
    if (best.length === CANDIDATES && score <= best[CANDIDATES - 1]!.score) continue;
    const place = best.findIndex((other) => other.score < score);
    best.splice(place < 0 ? best.length : place, 0, { label, score });
    best.length = Math.min(best.length, CANDIDATES);
  }
  return [...new Set([...best.map(({ label }) => label), argmax(lexical)])];
}
