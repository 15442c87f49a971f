import { intentInWords, intentsOf, inWords, type Understanding } from './understanding.js';

const label = (name: string) => ({ name, confidence: 0.9 });
const understood = (intent: string, ...requests: string[]): Understanding => ({
  language: 'zh',
  intent: label(intent),
  emotion: { name: 'neutral', confidence: 0.9 },
  requests: requests.map((each) => ({ intent: label(each) })),
});

describe('what a message asks for', () => {
  it.each<[string[], Understanding]>([
    [['refund_request'], understood('refund_request')],
    [['refund_request'], understood('refund_request', 'invoice_request')],
    [
      ['invoice_request', 'refund_request'],
      understood('refund_request', 'invoice_request', 'refund_request'),
    ],
    [['refund_request'], understood('refund_request', 'refund_request', 'refund_request')],
  ])('is %j', (names, understanding) => {
    expect(intentsOf(understanding).map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['Order status', 'order_status', 'en'],
    ['查询订单', 'order_status', 'zh'],
    ['Something else', 'out_of_scope', 'en'],
    ['Gift wrapping', 'gift_wrapping', 'zh'],
  ] as const)('%s is %s in %s', (words, name, language) => {
    expect(intentInWords(name, language)).toBe(words);
  });
});

describe('a mood in words', () => {
  it.each([
    [-0.35, -0.12, 'displeased', 'worse'],
    [-0.34, -0.11, 'uneasy', 'steady'],
    [-0.1, 0.12, 'calm', 'better'],
    [0.25, 0, 'pleased', 'steady'],
  ])('of %d with %d per message is %s, %s', (level, slope, felt, trend) => {
    expect(inWords({ level, slope })).toEqual({ level: felt, trend });
  });
});
