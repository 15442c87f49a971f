/**
 * Emotion as a trajectory: how a customer has felt over the last turns, and whether it gets worse. Pure.
 *
 * `level` follows the peak-end rule (Kahneman et al., "When More Pain Is Preferred to Less", 1993): people judge an
 * experience by its worst moment and its end, hardly by its length. The end is a mean in which a message weighs less
 * with every turn after it; the worst moment fades into that mean at the same pace. So one "thanks" does not erase
 * anger at once, and some calm turns do.
 *
 * `slope` is the least-squares line through the sentiments, per turn. After the first message with a feeling, those
 * without one (an order number, an address) are pauses and no relief, so they do not bend the line.
 */

/** Sentiment of one customer message, −1 to 1; null where it was not understood. */
export type Feeling = number | null;

export interface Trajectory {
  /** −1 to 1; 0 before anything was read. A worse message never raises it. */
  readonly level: number;
  /** Change of the sentiment per turn, −2 to 2; 0 until two messages tell something. */
  readonly slope: number;
  /** Messages that were read, 0 to `rememberedTurns`. */
  readonly turns: number;
}

/** Older messages count for nothing. */
export const rememberedTurns = 6;
/** What is left of a message's weight one turn later: half of it after two. */
const retained = Math.SQRT1_2;
/** Below this a sentiment is a fact told, not a feeling. */
const faint = 0.15;

interface Felt {
  /** Turns ago, 0 for the newest. */
  readonly age: number;
  readonly sentiment: number;
}

/** `feelings` from the oldest to the newest. A missing one keeps its place: what came before it is as old as it is. */
export function trajectoryOf(feelings: readonly Feeling[]): Trajectory {
  const felt = feelings
    .slice(-rememberedTurns)
    .map((sentiment, at, { length }) => ({ age: length - 1 - at, sentiment }))
    .filter((each): each is Felt => each.sentiment !== null);
  return { level: levelOf(felt), slope: slopeOf(withoutPauses(felt)), turns: felt.length };
}

/** What is told of a message's feeling: its sentiment, and which emotion it was read as. */
export interface Told {
  readonly sentiment: number;
  readonly emotion: { readonly name: string; readonly confidence: number };
}

/** What is remembered once a message came in; undefined when it was not understood. */
export function feltAfter(before: readonly Feeling[], message: Told | undefined): readonly Feeling[] {
  return [...before, message ? feelingOf(message) : null].slice(-rememberedTurns);
}

/**
 * "Is my parcel insured against theft?" is about something bad and said calmly: the surer a message is neutral, the
 * less its sentiment is the customer's.
 */
function feelingOf({ sentiment, emotion }: Told): number {
  const own = emotion.name === 'neutral' ? sentiment * (1 - emotion.confidence) : sentiment;
  return Math.max(-1, Math.min(1, own));
}

function levelOf(felt: readonly Felt[]): number {
  if (felt.length === 0) return 0;
  const weightOf = ({ age }: Felt): number => retained ** age;
  const whole = felt.reduce((sum, each) => sum + weightOf(each), 0);
  const end = felt.reduce((sum, each) => sum + weightOf(each) * each.sentiment, 0) / whole;
  const worst = Math.min(...felt.map((each) => weightOf(each) * each.sentiment + (1 - weightOf(each)) * end));
  return (end + worst) / 2;
}

function withoutPauses(felt: readonly Felt[]): readonly Felt[] {
  const tells = ({ sentiment }: Felt): boolean => Math.abs(sentiment) >= faint;
  const first = felt.findIndex(tells);
  return felt.filter((each, at) => at <= first || tells(each));
}

function slopeOf(felt: readonly Felt[]): number {
  const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const age = meanOf(felt.map((each) => each.age));
  const sentiment = meanOf(felt.map((each) => each.sentiment));
  let [together, spread] = [0, 0];
  for (const each of felt) {
    together += (age - each.age) * (each.sentiment - sentiment);
    spread += (age - each.age) ** 2;
  }
  return spread > 0 ? together / spread : 0;
}
