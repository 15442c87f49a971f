import { logSoftmax } from '../neural/opinion-pool.js';
import { count, fitBallot, USUAL, type HeldOutVoices } from './ballot.js';

const sure = (label: number, strength = 3) =>
  logSoftmax(Float32Array.from({ length: 3 }, (_, k) => (k === label ? strength : 0)));
/** The layer is right but every `n`th time, the n-grams but every second, the neighbours never. */
const examples: HeldOutVoices[] = Array.from({ length: 300 }, (_, i) => {
  const label = i % 3;
  const wrong = (label + 1) % 3;
  return {
    label,
    voices: {
      dense: sure(i % 7 === 0 ? wrong : label),
      lexical: sure(i % 2 === 0 ? wrong : label),
      neighbours: sure(wrong),
    },
  };
});

describe('a ballot', () => {
  it('counts probabilities that sum to one', () => {
    const shares = count(USUAL, examples[0]!.voices);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it('gives weight to the voice that is right, and takes it from the one that errs', async () => {
    const fitted = await fitBallot(examples);
    expect(fitted.dense).toBeGreaterThan(fitted.lexical);
    expect(fitted.lexical).toBeGreaterThan(fitted.neighbours);
    expect(fitted.neighbours).toBeLessThan(0.2);
  });

  it('stays near the usual weights where every example is right anyway', async () => {
    const easy = Array.from({ length: 300 }, (_, i) => {
      const voice = sure(i % 3, 2);
      return { label: i % 3, voices: { dense: voice, lexical: voice, neighbours: voice } };
    });
    const fitted = await fitBallot(easy);
    for (const voice of ['dense', 'lexical', 'neighbours'] as const)
      expect(fitted[voice] / USUAL[voice]).toBeLessThan(3);
  });
});
