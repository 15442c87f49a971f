/** How good a model is, measured on examples it had not seen. */
import type { HeldOutReading } from './head-training.js';
import { OUT_OF_SCOPE_LABEL } from './out-of-scope.js';

/** Bins of the expected calibration error. */
const BINS = 10;
/** With fewer held-out examples a figure would say nothing. */
const ENOUGH = 40;

/**
 * `accuracy` and `macroF1` of the intents, `calibrationError` (expected calibration error, Guo et al., 2017: how far
 * confidence and share of right answers lie apart), `rejected` of the examples which have an intent, and
 * `outOfScopeRecall` of those which have none; all 0 to 1. Empty with too few examples.
 */
export function scoresOf(readings: readonly HeldOutReading[]): Record<string, number> {
  const inScope = readings.filter(({ label }) => label !== OUT_OF_SCOPE_LABEL);
  const outOfScope = readings.filter(({ label }) => label === OUT_OF_SCOPE_LABEL);
  if (inScope.length < ENOUGH) return {};
  return {
    accuracy: share(inScope, isRight),
    macroF1: macroF1(inScope),
    calibrationError: calibrationError(inScope),
    rejected: share(inScope, ({ claimed }) => !claimed),
    ...(outOfScope.length > 0 ? { outOfScopeRecall: share(outOfScope, ({ claimed }) => !claimed) } : {}),
  };
}

function isRight({ predicted, label }: { readonly predicted: unknown; readonly label: unknown }): boolean {
  return predicted === label;
}

/** The F1 of each label, averaged over the labels that occur. */
export function macroF1(readings: readonly Pick<HeldOutReading, 'label' | 'predicted'>[]): number {
  const actual = Map.groupBy(readings, ({ label }) => label);
  const predicted = Map.groupBy(readings, ({ predicted }) => predicted);
  let sum = 0;
  for (const [label, own] of actual) {
    const right = own.filter((reading) => reading.predicted === label).length;
    sum += (2 * right) / (own.length + (predicted.get(label)?.length ?? 0));
  }
  return sum / actual.size;
}

export function calibrationError<Label>(
  readings: readonly {
    readonly label: Label;
    readonly predicted: Label;
    readonly confidence: number;
  }[],
): number {
  const bins = Map.groupBy(readings, ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)));
  let error = 0;
  for (const bin of bins.values()) {
    const sure = bin.reduce((sum, { confidence }) => sum + confidence, 0) / bin.length;
    error += (bin.length / readings.length) * Math.abs(sure - share(bin, isRight));
  }
  return error;
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}
