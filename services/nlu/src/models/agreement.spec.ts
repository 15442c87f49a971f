import { AgreementWatch, judgeAgreement, type Verdict } from './agreement.js';

/** The verdict after each utterance; the predecessor knows a and b. */
function watched(readings: readonly (readonly [now: string, before: string])[], expected = 0.9): Verdict[] {
  const watch = new AgreementWatch(new Set(['a', 'b']), expected);
  return readings.map(([now, before]) => watch.observe(now, before));
}
const times = (n: number, now: string, before: string) =>
  Array.from({ length: n }, () => [now, before] as const);

describe('judgeAgreement', () => {
  it('is never worse for more agreement', () => {
    const rank = { disagrees: 0, undecided: 1, trusted: 2 };
    for (const observed of [0, 39, 40, 200, 500, 800])
      for (let unknown = 0; unknown <= observed; unknown += 20) {
        const ranks = Array.from({ length: observed - unknown + 1 }, (_, agreed) =>
          judgeAgreement({ observed, agreed, unknown }, 0.9),
        ).map((verdict) => rank[verdict]);
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }
  });

  it('expects no more of live agreement than of held-out accuracy', () => {
    const counts = { observed: 100, agreed: 50, unknown: 0 };
    expect(judgeAgreement(counts, 0.9)).toBe('disagrees');
    expect(judgeAgreement(counts, 0.7)).toBe('undecided');
  });
});

describe('a watch', () => {
  it('decides nothing from a few utterances', () => {
    expect(new Set(watched(times(39, 'a', 'b')))).toEqual(new Set(['undecided']));
    expect(watched(times(40, 'a', 'b')).at(-1)).toBe('disagrees');
  });

  it('trusts a version that agrees long enough', () => {
    const verdicts = watched(times(500, 'a', 'a'));
    expect(verdicts.indexOf('trusted')).toBe(499);
  });

  it('lets a new intent have up to half of the utterances', () => {
    const half = times(100, 'new', 'a').flatMap((one) => [['a', 'a'] as const, one]);
    expect(watched(half)).not.toContain('disagrees');
    expect(watched([...half, ...times(2, 'new', 'a')]).at(-1)).toBe('disagrees');
  });

  it('says in words what it saw', () => {
    const watch = new AgreementWatch(new Set(['a']), 0.9);
    watch.observe('a', 'a');
    watch.observe('new', 'a');
    expect(watch.words).toMatch(/first 2 live messages it read 1 as .* and 1 as intents/);
  });
});
