import { checkTaxonomy, inTreeOrder, warningsOf, type Intent } from './taxonomy.js';

const intent = (name: string, parent = '', texts: string[] = []): Intent => ({
  name,
  parent,
  examples: texts.length ? { zh: texts } : {},
});
const five = ['一', '二', '三', '四', '五'];
const problemsOf = (intents: Intent[], stored = new Map<string, string>()): string[] => {
  try {
    checkTaxonomy(intents, stored);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_argument' });
    return (error as { fields: { field: string }[] }).fields.map(({ field }) => field);
  }
};

describe('checkTaxonomy', () => {
  it('takes a tree in any order, and names from other systems', () => {
    expect(problemsOf([intent('child', 'top', five), intent('top'), intent('付款 失败?', 'child')])).toEqual(
      [],
    );
    expect(problemsOf([intent('child', 'stored')], new Map([['stored', '']]))).toEqual([]);
  });

  it.each([
    ['nothing', [], ['intents']],
    ['an empty name', [intent('')], ['intents[0].name']],
    ['a name with spaces around it', [intent(' a')], ['intents[0].name']],
    ['a name with a line break', [intent('a\nb')], ['intents[0].name']],
    ['a long name', [intent('x'.repeat(101))], ['intents[0].name']],
    ['the same name twice', [intent('a'), intent('a')], ['intents[1].name']],
    ['an unknown parent', [intent('a', 'b')], ['intents[0].parent']],
    ['its own parent', [intent('a', 'a')], ['intents[0].parent']],
    ['a ring', [intent('a', 'b'), intent('b', 'a')], ['intents[0].parent', 'intents[1].parent']],
    ['a blank example', [intent('a', '', ['退款', ' '])], ['intents[0].examples.zh[1]']],
    ['a null character', [intent('a', '', ['退\0款'])], ['intents[0].examples.zh[0]']],
    ['a novel', [intent('a', '', ['x'.repeat(8_001)])], ['intents[0].examples.zh[0]']],
    ['no language', [{ ...intent('a'), examples: { '??': ['x'] } }], ['intents[0].examples']],
  ])('refuses %s', (_, intents, fields) => expect(problemsOf(intents)).toEqual(fields));

  it('refuses a ring closed through a stored intent', () => {
    expect(problemsOf([intent('a', 'b')], new Map([['b', 'a']]))).toEqual(['intents[0].parent']);
  });
});

describe('warningsOf', () => {
  it('is silent about a good taxonomy', () => {
    const other = five.map((text) => `${text}?`);
    expect(warningsOf([intent('top'), intent('a', 'top', five), intent('b', 'top', other)])).toEqual([]);
  });

  it('names an intent that stands alone, and an example that stands twice', () => {
    expect(warningsOf([intent('top'), intent('a', 'top', [...five, 'ok', 'ＯＫ'])])).toEqual([
      '"ＯＫ" stands twice under a: once is enough.',
      'Only a has examples: with a second intent the bot can tell them apart.',
    ]);
  });

  it('names thin intents and shared examples', () => {
    const warnings = warningsOf([
      intent('a', '', five),
      intent('b', '', [...five.slice(1), 'ＯＫ']),
      intent('c', '', ['ok']),
    ]);
    expect(warnings).toHaveLength(6);
    expect(warnings).toContain('"二" stands under a and b: keep it under one.');
    expect(warnings).toContain('"ok" stands under b and c: keep it under one.');
    expect(warnings).toContain('c has 1 examples: give it at least 5.');
  });
});

describe('inTreeOrder', () => {
  it('puts parents before their children', () => {
    const names = inTreeOrder([intent('a', 'z'), intent('b'), intent('z'), intent('c', 'a')]).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['b', 'z', 'a', 'c']);
  });
});
