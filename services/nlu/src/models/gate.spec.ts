import { refusalOf } from './gate.js';

describe('refusalOf', () => {
  const active = { parcel: [95, 100], invoice: [50, 100], rare: [3, 3] } as const;

  it('lets a version pass that is as good, better, or knows other intents', () => {
    expect(refusalOf(active, active, 0)).toBeUndefined();
    expect(refusalOf({ parcel: [100, 100], parrot: [0, 50] }, active, 0)).toBeUndefined();
  });

  it('refuses a loss beyond the margin, naming the intent and both shares', () => {
    expect(refusalOf({ ...active, parcel: [84, 100] }, active, 0.1)).toContain('parcel (95 % → 84 %)');
    expect(refusalOf({ ...active, parcel: [86, 100] }, active, 0.1)).toBeUndefined();
    expect(refusalOf({ ...active, parcel: [86, 100] }, active, 0.05)).toContain('parcel');
  });

  it('takes one or two examples for chance, however large their share', () => {
    expect(refusalOf({ ...active, rare: [1, 3] }, active, 0)).toBeUndefined();
    expect(refusalOf({ ...active, rare: [0, 3] }, active, 0)).toContain('rare (100 % → 0 %)');
  });

  it('names the worst first, and how many more there are', () => {
    const before = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`i${i}`, [100, 100] as const]));
    const now = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`i${i}`, [80 - i, 100] as const]));
    const refusal = refusalOf(now, before, 0.1)!;
    expect(refusal).toMatch(/of i7 .*, i6 .*, i5 .*, i4 .*, i3 \(100 % → 77 %\) and 3 more\./);
  });
});
