/**
 * Whether a version may answer: on held-out examples it must not be worse than the active one by more than a margin,
 * for any intent. Both were measured on examples they had not seen; which ones is decided by their texts, so most are
 * the same. One or two examples more or less are chance and refuse nothing.
 */
import type { HeldOutCounts } from './model.store.js';

/** Losing fewer than these is chance. */
const CHANCE = 3;
const MOST_NAMED = 5;

/** Why the candidate is refused, in words for an editor; undefined when it may answer. `margin` is 0 to 1. */
export function refusalOf(
  candidate: HeldOutCounts,
  active: HeldOutCounts,
  margin: number,
): string | undefined {
  const losses = Object.entries(candidate)
    .flatMap(([intent, counts]) => {
      const before = active[intent];
      if (!before) return [];
      const [now, then] = [recallOf(counts), recallOf(before)];
      const lost = (then - now) * counts[1];
      return then - now > margin && lost >= CHANCE ? [{ intent, now, then }] : [];
    })
    .sort((a, b) => a.now - a.then - (b.now - b.then));
  if (losses.length === 0) return undefined;
  const named = losses
    .slice(0, MOST_NAMED)
    .map(({ intent, now, then }) => `${intent} (${percent(then)} → ${percent(now)})`);
  const more = losses.length > MOST_NAMED ? ` and ${losses.length - MOST_NAMED} more` : '';
  return (
    `It recognises fewer held-out examples than the active version of ${named.join(', ')}${more}. ` +
    'Look at the latest corrections of these intents, or activate the version by hand.'
  );
}

export function recallOf([right, all]: readonly [number, number]): number {
  return all === 0 ? 0 : right / all;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
