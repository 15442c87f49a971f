import { batches } from './batches.js';

describe('batches', () => {
  it('keep the order and lose nothing', () => {
    const items = Array.from({ length: 1_234 }, (_, index) => index);
    const parts = batches(items, String);
    expect(parts.flat()).toEqual(items);
    expect(parts.map(({ length }) => length)).toEqual([500, 500, 234]);
  });

  it('count bytes, not characters, and let a large item stand alone', () => {
    const han = '字'.repeat(400_000);
    expect(batches([han, han, 'x'], (text) => text).map(({ length }) => length)).toEqual([1, 2]);
    expect(batches([han + han + han, 'x', 'y'], (text) => text).map(({ length }) => length)).toEqual([1, 2]);
    expect(batches([], String)).toEqual([]);
  });
});
