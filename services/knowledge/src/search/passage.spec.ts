import { passagesOf } from './passage.js';

const article = (answer: string) => ({
  id: 'a1',
  version: 3,
  title: 'Handbook',
  questions: ['How does it work?'],
  answer,
  locale: 'en',
  tags: [],
  validFrom: undefined,
  validTo: new Date(5_000),
  externalId: undefined,
});

describe('passagesOf', () => {
  it('keeps a short answer whole', () => {
    expect(passagesOf(article('Like this.'))).toEqual([
      {
        id: 'a1.3.1',
        articleId: 'a1',
        articleVersion: 3,
        title: 'Handbook',
        questions: ['How does it work?'],
        text: 'Like this.',
        locale: 'en',
        validFrom: -Infinity,
        validTo: 5_000,
      },
    ]);
  });

  it('cuts a long answer at paragraphs, and gives the questions to its beginning alone', () => {
    const paragraphs = Array.from({ length: 10 }, (_, i) => `Paragraph ${i}. ${'Words. '.repeat(50)}`.trim());
    const passages = passagesOf(article(paragraphs.join('\n\n')));
    expect(passages.length).toBeGreaterThan(3);
    expect(passages.map(({ id }) => id)).toEqual(passages.map((_, i) => `a1.3.${i + 1}`));
    expect(passages.map(({ questions }) => questions.length)).toEqual(
      passages.map((_, i) => (i === 0 ? 1 : 0)),
    );
    expect(passages.flatMap(({ text }) => text.split(/\n\n/))).toEqual(paragraphs);
  });

  it.each([
    ['sentences', '这是一个很长的句子，没有段落。'.repeat(200)],
    ['nothing to cut at', 'x'.repeat(5_000)],
    ['emoji', `a${'🎉'.repeat(2_500)}`],
  ])('loses nothing of a long answer of %s', (_, answer) => {
    const passages = passagesOf(article(answer));
    expect(passages.map(({ text }) => text).join('')).toBe(answer);
    for (const { text } of passages) {
      expect(text.length).toBeLessThanOrEqual(1_500);
      expect(text.isWellFormed()).toBe(true);
    }
  });
});
