import { atMost, attributesOf, positionOf, ratingOf, required, textOf } from './checks.js';

const refusal = (check: () => unknown): { code: string; fields: { field: string; message: string }[] } => {
  try {
    check();
  } catch (error) {
    return error as never;
  }
  throw new Error('It was not refused.');
};

describe('the checks of what callers send', () => {
  it('trims a text and leaves the rest of it alone', () => {
    expect(textOf(' 您好，\n\t“在吗”？😀 ')).toBe('您好，\n\t“在吗”？😀');
    expect(textOf(` ${'x'.repeat(8_000)} `)).toHaveLength(8_000);
  });

  it.each([
    ['an empty text', 'must not be empty', () => textOf('')],
    ['a blank text', 'must not be empty', () => textOf(' \n\t　')],
    ['a long text', 'must have at most 8,000 characters', () => textOf('x'.repeat(8_001))],
    ['a null character', 'must not contain control characters', () => textOf('a\u0000b')],
    ['an escape sequence', 'must not contain control characters', () => textOf('\u001b[2J')],
    ['a delete character', 'must not contain control characters', () => textOf('a\u007f')],
    ['half of an emoji', 'must not contain half characters', () => textOf('a\ud83d')],
  ])('refuse %s', (_, message, check) => {
    const error = refusal(check);
    expect(error.code).toBe('invalid_argument');
    expect(error.fields).toEqual([{ field: 'text', message }]);
  });

  it('name the field and its limit', () => {
    expect(atMost('abc', 'name', 3)).toBe('abc');
    expect(refusal(() => atMost('abcd', 'name', 3)).fields).toEqual([
      { field: 'name', message: 'must have at most 3 characters' },
    ]);
    expect(refusal(() => required('', 'name')).fields).toEqual([{ field: 'name', message: 'is required' }]);
  });

  it('take 32 attributes, and a name such as __proto__ for a name', () => {
    const attributes = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`a${n}`, `${n}`]));
    expect(attributesOf(attributes)).toEqual(attributes);
    const odd = attributesOf(JSON.parse('{"__proto__":"x"}') as Record<string, string>);
    expect(Object.entries(odd)).toEqual([['__proto__', 'x']]);
    expect(refusal(() => attributesOf({ ...attributes, more: '' })).fields[0]!.field).toBe(
      'customer.attributes',
    );
  });

  it('take ratings from 1 to 5', () => {
    expect([1, 5].map(ratingOf)).toEqual([1, 5]);
    expect(refusal(() => ratingOf(0)).fields[0]!.message).toBe('must be from 1 to 5');
    expect(refusal(() => ratingOf(6)).code).toBe('invalid_argument');
  });

  it('take a position beyond every log for its end', () => {
    expect(positionOf(7n)).toBe(7);
    expect(positionOf(2n ** 64n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
