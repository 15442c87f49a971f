import { compileDefinitions, type EntityDefinition } from './custom.js';
import { extractEntities } from './extract-entities.js';

const today = { year: 2026, month: 11, day: 21 };

const catalogue: EntityDefinition = {
  type: 'product',
  kind: 'list',
  values: [
    { value: 'iPhone 15', synonyms: ['苹果15'] },
    { value: 'iPhone 15 Pro', synonyms: ['苹果15pro'] },
    { value: '机械键盘', synonyms: ['键盘', 'Mechanical Keyboard'] },
  ],
};
const member: EntityDefinition = {
  type: 'member_number',
  kind: 'pattern',
  pattern: '(?:会员号?|member )([A-Z]{2}\\d{6})',
};

const found = (text: string, ...definitions: EntityDefinition[]) =>
  extractEntities(text, { today, custom: compileDefinitions(definitions) }).map(
    ({ type, value, start, end }) => `${type} ${value} "${text.slice(start, end)}"`,
  );

describe('a word list', () => {
  it.each([
    ['我要买iphone15 pro', 'product iPhone 15 Pro "iphone15 pro"'],
    ['ｉＰｈｏｎｅ　１５有货吗', 'product iPhone 15 "ｉＰｈｏｎｅ　１５"'],
    ['苹果15多少钱', 'product iPhone 15 "苹果15"'],
    ['两个机械键盘', 'product 机械键盘 "机械键盘"'],
    ['do you sell mechanical-keyboards?', 'product 机械键盘 "mechanical-keyboard"'],
    ['键\u200b盘坏了', 'product 机械键盘 "键\u200b盘"'],
  ])('finds the one in %s', (text, expected) => expect(found(text, catalogue)).toEqual([expected]));

  it.each(['myiPhone 15', 'iPhone 155', 'iphone  \n\n 15', 'iphon', ''])('finds nothing in %j', (text) =>
    expect(found(text, catalogue)).toEqual([]),
  );

  it('gives a known type words of its own', () => {
    const orders: EntityDefinition = {
      type: 'order_number',
      kind: 'list',
      values: [{ value: 'TEST', synonyms: [] }],
    };
    expect(found('order test, A1001', orders)).toEqual([
      'order_number TEST "test"',
      'order_number A1001 "A1001"',
    ]);
  });
});

describe('a pattern', () => {
  it('gives its group, in capitals or not', () => {
    expect(found('我的会员ab123456到期', member)).toEqual(['member_number ab123456 "ab123456"']);
    expect(found('member AB123456 and member CD654321', member)).toEqual([
      'member_number AB123456 "AB123456"',
      'member_number CD654321 "CD654321"',
    ]);
  });

  it('wins over what every bot knows', () => {
    const batch: EntityDefinition = { type: 'batch', kind: 'pattern', pattern: 'A\\d{4}' };
    expect(found('A1001', batch)).toEqual(['batch A1001 "A1001"']);
  });

  it.each(['(a+)+b', '(a|aa)*c', '(a?){40}a{40}b', '(.*a){20}b'])('such as %s does not hang', (pattern) =>
    expect(found('a'.repeat(8_000), { type: 'x', kind: 'pattern', pattern })).toEqual([]),
  );

  it('which costs a search per character stops finding more, and leaves the next one its first', () => {
    const entities = found(
      `${'a'.repeat(8_000)}z`,
      { type: 'greedy', kind: 'pattern', pattern: 'a.*b|a' },
      { type: 'modest', kind: 'pattern', pattern: 'z' },
    );
    expect(entities.length).toBeLessThan(100);
    expect(entities.at(-1)).toBe('modest z "z"');
  });
});

describe('compileDefinitions', () => {
  const fieldsOf = (...definitions: EntityDefinition[]) => {
    try {
      compileDefinitions(definitions);
    } catch (error) {
      const { code, fields } = error as { code: string; fields: { field: string; message: string }[] };
      return {
        code,
        fields: fields.map(({ field }) => field),
        text: fields.map(({ message }) => message).join(),
      };
    }
    return undefined;
  };

  it.each([
    ['a look-around', '(?=a)a'],
    ['a back reference', '(a)\\1'],
    ['a bracket left open', '(a'],
    ['a repetition of thousands', '(?:a{1,50}){1,15}b'],
    ['nothing to look for', ''],
    ['a match of nothing', 'a*'],
  ])('refuses %s by name', (_, pattern) => {
    expect(fieldsOf(member, { type: 'odd', kind: 'pattern', pattern })).toMatchObject({
      code: 'invalid_argument',
      fields: ['definitions[1].pattern'],
      text: expect.stringContaining('"odd"'),
    });
  });

  it('names everything that is wrong at once', () => {
    const list = (type: string, value: string): EntityDefinition => ({
      type,
      kind: 'list',
      values: [{ value, synonyms: ['ok', '  '] }],
    });
    expect(
      fieldsOf(list('Bad Type', '好'), { type: 'empty', kind: 'list' }, list('long', 'x'.repeat(101))),
    ).toMatchObject({
      fields: [
        'definitions[0].type',
        'definitions[0].values[0]',
        'definitions[1].values',
        'definitions[2].values[0]',
        'definitions[2].values[0]',
      ],
    });
  });

  it('refuses many patterns which are large together', () => {
    const large = (type: string): EntityDefinition => ({
      type,
      kind: 'pattern',
      pattern: '(?:[a-z]{1,10}\\d{1,10}){1,8}x',
    });
    expect(fieldsOf(large('one'), large('two'))).toBeUndefined();
    expect(fieldsOf(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(large))).toMatchObject({
      fields: ['definitions'],
    });
  });

  it('takes no definitions for no types', () => expect(found('iPhone 15')).toEqual([]));
});
