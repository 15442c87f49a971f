/**
 * From which probability on the n-grams alone may answer: the cascade. Among held-out examples at least that sure, the
 * lexical model is no more often wrong than the whole head, but for a set share of all examples.
 */
import { argmax } from '../lexical/classifier.js';
import type { HeldOutReading } from './head-training.js';
import { OUT_OF_SCOPE_LABEL } from './out-of-scope.js';

/** Share of all utterances which the cascade may get wrong beyond the head. */
const MAY_LOSE = 0.001;
/** Above every probability: the head is always asked. */
export const NEVER_SURE = 2;
const ENOUGH = 200;

/** `lexical[i]` holds the log-probabilities of held-out example i, `readings[i]` what the whole head said. */
export function fitSureness(lexical: readonly Float32Array[], readings: readonly HeldOutReading[]): number {
  if (readings.length < ENOUGH) return NEVER_SURE;
  const judged = readings.map(({ label, predicted, claimed }, i) => {
    const best = argmax(lexical[i]!);
    // What the head gives up to be careful is no gain of the n-grams, which would give up as many.
    const byHead = label === OUT_OF_SCOPE_LABEL ? !claimed : predicted === label;
    return { probability: Math.exp(lexical[i]![best]!), lost: Number(byHead) - Number(best === label) };
  });
  judged.sort((a, b) => b.probability - a.probability);
  let lost = 0;
  let sure = NEVER_SURE;
  for (const { probability, lost: one } of judged) {
    lost += one;
    if (lost > MAY_LOSE * judged.length) break;
    sure = probability;
  }
  return sure;
}
