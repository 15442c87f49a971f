import { LanguageCorpus } from './corpus.js';
import type { Passage } from './passage.js';
import { tokenise } from './tokenise.js';

const passage = (articleId: string, title: string, text: string, more: Partial<Passage> = {}): Passage => ({
  id: `${articleId}.1.1`,
  articleId,
  articleVersion: 1,
  title,
  questions: [],
  text,
  locale: 'en',
  validFrom: -Infinity,
  validTo: Infinity,
  ...more,
});

const shop = [
  passage('kettle', 'Electric kettle', 'Boils 1.7 litres in five minutes.', {
    questions: ['Does the kettle whistle?'],
  }),
  passage('tent', 'Two-person tent', 'Waterproof to 3,000 mm, with pegs.', {
    questions: ['Is the tent waterproof?'],
  }),
  passage('lamp', 'Desk lamp', 'Five colours of light, and a timer.', { questions: ['Can I dim the lamp?'] }),
  passage('about', 'About the platypus', 'An animal with a bill.'),
];

function corpusOf(passages: readonly Passage[]): LanguageCorpus {
  const corpus = new LanguageCorpus();
  for (const each of passages) corpus.replace(each.articleId, [each]);
  return corpus;
}

const ask = (corpus: LanguageCorpus, question: string, nowMs = 0) => corpus.search(tokenise(question), nowMs);
const found = (corpus: LanguageCorpus, question: string, nowMs = 0) =>
  ask(corpus, question, nowMs).map((hit) => hit.passage.articleId);

describe('LanguageCorpus', () => {
  it('puts the passage first that was asked for, and is surer of it than of the rest', () => {
    const [best, second] = ask(corpusOf(shop), 'is your tent waterproof');
    expect(best!.passage.articleId).toBe('tent');
    expect(best!.score).toBeGreaterThan(0.5);
    expect(second?.score ?? 0).toBeLessThan(best!.score);
  });

  it('is less sure when more of the question is unknown', () => {
    const corpus = corpusOf(shop);
    const clear = ask(corpus, 'kettle whistle')[0]!.score;
    const murky = ask(corpus, 'kettle quantum physics opera whistle telescope')[0]!.score;
    expect(murky).toBeLessThan(clear);
  });

  it('is less sure when two articles say the same', () => {
    const alone = ask(corpusOf(shop), 'dim the lamp')[0]!.score;
    const twin = { ...shop[2]!, id: 'twin.1.1', articleId: 'twin' };
    expect(ask(corpusOf([...shop, twin]), 'dim the lamp')[0]!.score).toBeLessThan(alone);
  });

  it('scores from 0 to 1, whatever is asked', () => {
    const corpus = corpusOf(shop);
    for (const question of ['tent', 'the tent tent tent', 'kettle lamp tent platypus', 'zzz tent']) {
      for (const { score } of ask(corpus, question)) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  });

  it('finds nothing in nothing, and nothing where no word is shared', () => {
    expect(ask(new LanguageCorpus(), 'tent')).toEqual([]);
    expect(ask(corpusOf(shop), 'xylophone')).toEqual([]);
    expect(ask(corpusOf(shop), '???')).toEqual([]);
  });

  it('finds only what is valid at the time', () => {
    const seasonal = passage('sale', 'Summer sale', 'Ten per cent.', { validFrom: 10, validTo: 20 });
    const corpus = corpusOf([...shop, seasonal]);
    expect([9, 10, 19, 20].map((now) => found(corpus, 'summer sale', now).includes('sale'))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('answers after any history of changes as if built anew', () => {
    const corpus = corpusOf(shop);
    corpus.replace('tent', [passage('tent', 'Hammock', 'Hangs between trees.')]);
    corpus.replace('about', []);
    corpus.replace('stove', [passage('stove', 'Camping stove', 'Burns gas.')]);
    corpus.replace('unknown', []);
    ask(corpus, 'stove hammock platypus');
    const anew = corpusOf([
      shop[0]!,
      shop[2]!,
      passage('tent', 'Hammock', 'Hangs between trees.'),
      passage('stove', 'Camping stove', 'Burns gas.'),
    ]);
    expect(corpus.size).toBe(4);
    for (const question of ['hammock', 'waterproof tent', 'platypus', 'camping stove lamp', 'kettle']) {
      expect(ask(corpus, question)).toEqual(ask(anew, question));
    }
  });

  it('finds the rare among the many without looking at all of them', () => {
    const many = Array.from({ length: 6_000 }, (_, i) =>
      passage(`p${i}`, `Shelf ${i}`, 'A wooden shelf for books.'),
    );
    expect(found(corpusOf(many), 'wooden shelf 4711 for books')[0]).toBe('p4711');
  });
});
