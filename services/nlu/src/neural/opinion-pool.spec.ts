import { fitPool, pool, type HeldOutOpinions } from './opinion-pool.js';

/** Of 120 texts with two labels: a voice that is as sure as it is right counts in full, one that guesses little. */
const heldOut: HeldOutOpinions[] = Array.from({ length: 120 }, (_, i) => {
  const label = i % 2;
  const right = Math.floor(i / 2) % 10 !== 0;
  return { label, voices: [says(right ? label : 1 - label, 0.9), says(i % 3 === 0 ? 0 : 1, 0.9)] };
});

describe('a pool of opinions', () => {
  it('gives each voice the weight it deserves', async () => {
    const [knows, guesses] = (await fitPool(heldOut, [1, 1])) as [number, number];
    expect(knows).toBeGreaterThan(0.8);
    expect(knows).toBeLessThan(1.2);
    expect(guesses).toBeLessThan(knows / 3);
  });

  it('takes the boast out of a voice that is surer than right', async () => {
    const boasting = heldOut.map(({ label, voices: [knows] }) => ({
      label,
      voices: [knows!.map((log) => 3 * log)],
    }));
    const [weight] = await fitPool(boasting, [1]);
    expect(weight).toBeCloseTo(1 / 3, 1);
  });

  it('adds up to one', () => {
    const shares = pool([0.7, 0.2], [says(0, 0.6), says(1, 0.99)]);
    expect(shares[0]! + shares[1]!).toBeCloseTo(1, 6);
  });
});

function says(label: number, probability: number): Float32Array {
  const logs = new Float32Array(2).fill(Math.log(1 - probability));
  logs[label] = Math.log(probability);
  return logs;
}
