/** Where two versions differ, intent by intent, on the examples each had not seen. */
import { recallOf } from './gate.js';
import type { HeldOutCounts } from './model.store.js';

export interface IntentDifference {
  readonly intent: string;
  /** Share of its held-out examples the base got right; 0 without any. */
  readonly baseRecall: number;
  readonly candidateRecall: number;
  readonly baseExamples: number;
  readonly candidateExamples: number;
}

const NONE = [0, 0] as const;

/** Every intent either version knows, the one which lost most first. */
export function differencesOf(base: HeldOutCounts, candidate: HeldOutCounts): IntentDifference[] {
  const intents = new Set([...Object.keys(base), ...Object.keys(candidate)]);
  return [...intents]
    .map((intent) => {
      const [before, after] = [base[intent] ?? NONE, candidate[intent] ?? NONE];
      return {
        intent,
        baseRecall: recallOf(before),
        candidateRecall: recallOf(after),
        baseExamples: before[1],
        candidateExamples: after[1],
      };
    })
    .sort((a, b) => a.candidateRecall - a.baseRecall - (b.candidateRecall - b.baseRecall));
}
