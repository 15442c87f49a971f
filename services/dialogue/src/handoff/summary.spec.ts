import { summarise } from './summary.js';

describe('the summary for whoever takes over', () => {
  it('has the last six lines, oldest first', () => {
    const talk = Array.from({ length: 8 }, (_, line) => ({ role: 'customer' as const, text: `${line}` }));
    expect(summarise(talk, '')).toBe(
      'customer: 2\ncustomer: 3\ncustomer: 4\ncustomer: 5\ncustomer: 6\ncustomer: 7',
    );
  });

  it.each([
    ['a'.repeat(250), 'a'.repeat(200)],
    [`${'a'.repeat(199)}😀`, 'a'.repeat(199)],
    [`${'a'.repeat(198)}😀b`, `${'a'.repeat(198)}😀`],
    ['a\uFFFD', 'a\uFFFD'],
  ])('cuts a long line between characters', (text, expected) => {
    expect(summarise([{ role: 'bot', text }], '')).toBe(`bot: ${expected}`);
  });

  it('begins with how the customer feels, where that matters', () => {
    expect(summarise([{ role: 'customer', text: 'again?!' }], 'angry, falling')).toBe(
      'mood: angry, falling\ncustomer: again?!',
    );
  });

  it('of nothing is empty', () => {
    expect(summarise([], '')).toBe('');
  });
});
