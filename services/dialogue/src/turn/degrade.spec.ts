import { firstTokenAllowance, modelDegradation } from './degrade.js';

describe('the time a model gets', () => {
  it.each([
    [1_500, 0, 1_350],
    [1_500, 700, 650],
    [1_500, 1_250, 100],
    [1_500, 1_251, 0],
    [1_500, 60_000, 0],
  ])('of %i ms after %i ms is %i ms', (patienceMs, spentMs, expected) => {
    expect(firstTokenAllowance(patienceMs, spentMs)).toBe(expected);
  });
});

describe('a failed model call', () => {
  it.each([
    ['failed_precondition', undefined],
    ['deadline_exceeded', 'model_slow'],
    ['unavailable', 'model_down'],
    ['resource_exhausted', 'model_down'],
    ['unknown', 'model_down'],
  ])('with %s marks the reply as %s', (code, expected) => {
    expect(modelDegradation(code)).toBe(expected);
  });
});
