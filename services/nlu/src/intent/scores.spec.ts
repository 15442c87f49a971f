import type { HeldOutReading } from './head-training.js';
import { calibrationError, macroF1, scoresOf } from './scores.js';
import { fitSureness, NEVER_SURE } from './sureness.js';

const reading = (label: number, predicted: number, confidence = 1, claimed = true): HeldOutReading => ({
  index: 0,
  label,
  predicted,
  confidence,
  claimed,
});
const times = <T>(n: number, item: T): T[] => Array.from({ length: n }, () => item);

describe('scores', () => {
  it('average F1 over the labels that occur', () => {
    // Label 1: precision 2/3, recall 2/2, F1 0.8. Label 2: precision 1/1, recall 1/2, F1 2/3.
    const readings = [reading(1, 1), reading(1, 1), reading(2, 2), reading(2, 1)];
    expect(macroF1(readings)).toBeCloseTo((0.8 + 2 / 3) / 2, 10);
  });

  it('tell how far confidence and truth lie apart', () => {
    const readings = [
      ...times(3, reading(1, 1, 0.95)),
      reading(1, 2, 0.95),
      ...times(4, reading(1, 1, 0.75)),
    ];
    expect(calibrationError(readings)).toBeCloseTo(0.5 * 0.2 + 0.5 * 0.25, 10);
  });

  it('count examples without an intent apart', () => {
    const scores = scoresOf([
      ...times(30, reading(1, 1)),
      ...times(10, reading(1, 2, 0.5, false)),
      ...times(3, reading(0, 1, 0.5, false)),
      reading(0, 1),
    ]);
    expect(scores).toMatchObject({ accuracy: 0.75, rejected: 0.25, outOfScopeRecall: 0.75 });
  });

  it('say nothing of a few', () => expect(scoresOf(times(39, reading(1, 1)))).toEqual({}));
});

describe('sureness', () => {
  const voice = (label: number, probability: number) =>
    Float32Array.from({ length: 3 }, (_, k) => Math.log(k === label ? probability : (1 - probability) / 2));

  it('begins where the n-grams err and the head does not', () => {
    const voices = [...times(300, voice(1, 0.9)), ...times(100, voice(2, 0.7))];
    const readings = times(400, reading(1, 1));
    expect(fitSureness(voices, readings)).toBeCloseTo(0.9, 5);
  });

  it('is never reached where the surest n-grams err, or with few examples', () => {
    const voices = [...times(100, voice(2, 0.99)), ...times(300, voice(1, 0.6))];
    expect(fitSureness(voices, times(400, reading(1, 1)))).toBe(NEVER_SURE);
    expect(fitSureness(times(10, voice(1, 0.9)), times(10, reading(1, 1)))).toBe(NEVER_SURE);
  });
});
