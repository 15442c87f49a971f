import { checkedSettings, type GivenDefinition, type GivenSettings } from './bot-settings.js';

const settings = (given: Partial<GivenSettings>): GivenSettings => ({
  encoder: '',
  gateMargin: undefined,
  entities: [],
  ...given,
});
const list = (type: string, ...words: string[]): GivenDefinition => ({
  type,
  pattern: '',
  values: words.map((value) => ({ value, synonyms: [] })),
});
const pattern = (type: string, source: string): GivenDefinition => ({ type, pattern: source, values: [] });
const synonym = (word: string): GivenDefinition => ({
  type: 'a',
  pattern: '',
  values: [{ value: 'x', synonyms: ['y', word] }],
});

describe('checkedSettings', () => {
  it('takes every choice, and none', () => {
    const entities = [pattern('membership_number', 'vip\\d{6}'), list('product', '蓝牙耳机')];
    expect(checkedSettings(settings({ encoder: 'multilingual', gateMargin: 0, entities }))).toEqual({
      encoder: 'multilingual',
      gateMargin: 0,
      entities: [
        { type: 'membership_number', kind: 'pattern', pattern: 'vip\\d{6}' },
        { type: 'product', kind: 'list', values: [{ value: '蓝牙耳机', synonyms: [] }] },
      ],
    });
    expect(checkedSettings(settings({}))).toEqual({
      encoder: undefined,
      gateMargin: undefined,
      entities: [],
    });
  });

  it.each<[string, Partial<GivenSettings>, string[]]>([
    ['an encoder there is not', { encoder: 'large' }, ['encoder']],
    ['a margin beyond 1', { gateMargin: 1.01 }, ['gateMargin']],
    ['a margin that is no number', { gateMargin: NaN }, ['gateMargin']],
    ['a type with spaces', { entities: [list('my type', 'x')] }, ['entities[0].type']],
    ['neither pattern nor values', { entities: [list('a')] }, ['entities[0].values']],
    ['both of them', { entities: [{ ...list('a', 'x'), pattern: 'x' }] }, ['entities[0]']],
    ['a broken pattern', { entities: [list('a', 'x'), pattern('b', '(')] }, ['entities[1].pattern']],
    ['a blank synonym', { entities: [synonym(' ')] }, ['entities[0].values[0]']],
    ['several faults', { encoder: 'x', gateMargin: -1 }, ['encoder', 'gateMargin']],
  ])('refuses %s', (_, given, fields) => {
    let thrown: unknown;
    try {
      checkedSettings(settings(given));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'invalid_argument',
      fields: fields.map((field) => expect.objectContaining({ field })),
    });
    expect((thrown as { fields: unknown[] }).fields).toHaveLength(fields.length);
  });
});
