import { reviewed, type LabelledExample } from './labels.js';

const example = (text: string, labels: Partial<LabelledExample>): LabelledExample => ({
  text,
  language: '',
  intent: '',
  emotion: '',
  ...labels,
});

describe('reviewed', () => {
  it('joins what is said of one text, and tells its language', () => {
    const { labelled, warnings } = reviewed([
      example(' 我要退款 ', { intent: 'refund' }),
      example('我要退款', { emotion: 'angry' }),
      example('where is it', { intent: 'out_of_scope', language: 'en' }),
    ]);
    expect(labelled).toEqual([
      { text: '我要退款', language: 'zh', intent: 'refund', emotion: 'angry' },
      { text: 'where is it', language: 'en', intent: 'out_of_scope', emotion: '' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('lets the later of two labels stand, and names the text', () => {
    const { labelled, warnings } = reviewed([
      example('几天能到', { intent: 'order_status', emotion: 'anxious' }),
      example('几天能到', { intent: 'delivery_time', emotion: 'neutral' }),
    ]);
    expect(labelled).toMatchObject([{ intent: 'delivery_time', emotion: 'neutral' }]);
    expect(warnings).toEqual([
      '"几天能到" is labelled order_status and delivery_time: delivery_time stands.',
      '"几天能到" is labelled anxious and neutral: neutral stands.',
    ]);
  });

  it.each<[string, LabelledExample, string]>([
    ['no text', example('  ', { intent: 'a' }), 'it has no text'],
    ['a novel', example('x'.repeat(8_001), { intent: 'a' }), 'more than 8000 characters'],
    ['a null character', example('a\0b', { intent: 'a' }), 'null character'],
    ['no label', example('x', {}), 'neither an intent nor an emotion'],
    ['an improper intent', example('x', { intent: 'a\nb' }), 'its intent must be'],
    ['an emotion there is not', example('x', { emotion: 'hungry' }), 'must be one of angry'],
    ['an improper language', example('x', { intent: 'a', language: '??' }), 'its language'],
  ])('leaves out %s, and nothing else', (_, faulty, reason) => {
    const { labelled, warnings } = reviewed([example('ok', { intent: 'a' }), faulty]);
    expect(labelled.map(({ text }) => text)).toEqual(['ok']);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    expect(warnings[0]).toMatch(/^Example 2/);
    expect(warnings[0]!.length).toBeLessThan(200);
  });

  it('does not drown an editor in warnings', () => {
    const { warnings } = reviewed(Array.from({ length: 150 }, () => example('', { intent: 'a' })));
    expect(warnings).toHaveLength(101);
    expect(warnings.at(-1)).toBe('And 50 more of the kind.');
  });
});
