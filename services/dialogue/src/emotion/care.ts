/** What follows from how a customer feels: soothing, a place in the queue, a line for the agent. Pure. */
import type { Reading } from '../conversation/conversation.js';
import type { Trajectory } from './trajectory.js';

/** From this confidence on an emotion is answered before the matter. */
const certainlyAngry = 0.5;
/** A level from here down is displeasure: about two messages in a row that are mildly negative. */
const low = -0.35;
/** A slope from here down is a steep fall: from content to displeased within five turns. */
const steep = -0.12;
/** Two points make a line, but no trend. */
const fewestForTrend = 3;
/** Apologies within so many turns of the last one sound like a machine. */
const turnsBetweenSoothing = 3;
/** How far ahead of now the queue looks: whoever is falling has waited some turns more when a person comes. */
const turnsAhead = 2;
const highestPriority = 10;

/** The newest message by itself. */
export function isAngry(reading: Reading | undefined): boolean {
  return reading?.emotion.name === 'angry' && reading.emotion.confidence >= certainlyAngry;
}

/** Displeased. A first message by itself tells too little, unless it is angry. */
export function isLow({ level, turns }: Trajectory): boolean {
  return turns > 1 && level <= low;
}

/** Getting worse steadily, even if no message is bad by itself. */
export function isFalling({ level, slope, turns }: Trajectory): boolean {
  return turns >= fewestForTrend && slope <= steep && level < 0;
}

/** Whether to answer the emotion first; not soon after it was done, and not in answer to kind words. */
export function needsSoothing(
  reading: Reading | undefined,
  mood: Trajectory,
  turnsSinceSoothed: number | null,
): boolean {
  if (turnsSinceSoothed !== null && turnsSinceSoothed + 1 < turnsBetweenSoothing) return false;
  if (isAngry(reading)) return true;
  return reading !== undefined && reading.emotion.name !== 'happy' && (isLow(mood) || isFalling(mood));
}

/** Place in the queue, 0 to 10, larger first: 10 for anger, less for a mood that is low or will soon be. */
export function priorityOf(reading: Reading | undefined, mood: Trajectory): number {
  if (isAngry(reading)) return highestPriority;
  if (!isLow(mood) && !isFalling(mood)) return 0;
  const ahead = mood.level + turnsAhead * Math.min(0, mood.slope);
  return Math.round(highestPriority * Math.min(1, -ahead));
}

/** For the agent, e.g. `angry, low and falling (level -0.62, slope -0.20)`; empty when nothing stands out. */
export function moodInWords(reading: Reading | undefined, mood: Trajectory): string {
  const trend = [isLow(mood) && 'low', isFalling(mood) && 'falling'].filter(Boolean).join(' and ');
  const words = [isAngry(reading) && 'angry', trend].filter(Boolean).join(', ');
  return words && `${words} (level ${mood.level.toFixed(2)}, slope ${mood.slope.toFixed(2)})`;
}
