import { preferredLanguage, sentence, texts } from './texts.js';

describe('preferredLanguage', () => {
  it.each([
    ['zh', ['en-US'], 'zh'],
    [null, ['fr', 'zh-TW', 'en'], 'zh'],
    [null, ['en-GB', 'zh'], 'en'],
    ['xx', ['de'], 'en'],
  ] as const)('chosen %s, wanted %j: %s', (chosen, wanted, language) => {
    expect(preferredLanguage(chosen, wanted)).toBe(language);
  });
});

describe('sentence', () => {
  it('says how long to wait, and why a message was refused', () => {
    expect(sentence({ code: 'limited', retryAfterS: 1, detail: 'x' }, texts.en)).toBe(
      'Too many messages at once. Please try again in 1 second.',
    );
    expect(sentence({ code: 'refused', detail: 'text is empty' }, texts.zh)).toBe(
      '消息未被接受。 text is empty',
    );
    expect(sentence({ code: 'unreachable', detail: 'TypeError' }, texts.en)).toBe(
      texts.en.failures.unreachable,
    );
  });
});
