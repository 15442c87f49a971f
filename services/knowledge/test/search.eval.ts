/**
 * How well search does: the demo shop's questions, none of which stands in an article, and public data sets where
 * they lie under EVAL_DATASETS. The weights and the word list were made with the questions of the half called "seen"
 * and the articles in view; the other half is the better guess (how good a one: README). Prints tables; asserts nothing.
 * `npx tsc -b services/knowledge && node services/knowledge/test/search.eval.ts`
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LanguageCorpus } from '../dist/search/corpus.js';
import { passagesOf } from '../dist/search/passage.js';
import { tokenise } from '../dist/search/tokenise.js';

interface Doc {
  readonly id: string;
  readonly title: string;
  readonly questions: readonly string[];
  readonly answer: string;
}

interface Case {
  readonly text: string;
  /** Id of the article that answers; "none" when no article does. */
  readonly article: string;
}

interface Found {
  readonly articleId: string;
  readonly score: number;
}

type Finder = (text: string) => Found[];

const FAQ_FROM = 0.5;

function ours(docs: readonly Doc[], locale: string): Finder {
  const corpus = new LanguageCorpus();
  for (const doc of docs) {
    const article = { ...doc, locale, tags: [], version: 1 };
    corpus.replace(
      doc.id,
      passagesOf({ ...article, validFrom: undefined, validTo: undefined, externalId: undefined }),
    );
  }
  return (text) =>
    corpus
      .search(tokenise(text), Date.now())
      .map(({ passage, score }) => ({ articleId: passage.articleId, score }));
}

/** The baseline: BM25 (k1 1.2, b 0.75) over Chinese character pairs and lower-case words, all fields in one. */
function plainBm25(docs: readonly Doc[]): Finder {
  const terms = (text: string): string[] =>
    [...text.toLowerCase().matchAll(/(\p{Script=Han}+)|[\p{L}\p{N}]+/gu)].flatMap(([run, han]) =>
      han ? [...run].slice(1).map((_, i) => run.slice(i, i + 2)) : [run],
    );
  const counted = docs.map((doc) => {
    const counts = new Map<string, number>();
    const all = terms([doc.title, ...doc.questions, doc.answer].join('\n'));
    for (const term of all) counts.set(term, (counts.get(term) ?? 0) + 1);
    return { id: doc.id, counts, length: all.length };
  });
  const averageLength = counted.reduce((sum, { length }) => sum + length, 0) / counted.length;
  const frequency = new Map<string, number>();
  for (const { counts } of counted)
    for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  return (text) =>
    counted
      .map(({ id, counts, length }) => {
        let score = 0;
        for (const term of new Set(terms(text))) {
          const count = counts.get(term) ?? 0;
          const df = frequency.get(term) ?? 0;
          const idf = Math.log(1 + (counted.length - df + 0.5) / (df + 0.5));
          score += (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / averageLength));
        }
        return { articleId: id, score };
      })
      .sort((a, b) => b.score - a.score);
}

function ranking(find: Finder, cases: readonly Case[]): Record<string, string> {
  const ranks = cases.map(({ text, article }) => {
    const articles = [...new Set(find(text).map(({ articleId }) => articleId))];
    return articles.indexOf(article) + 1;
  });
  const share = (rightRank: (rank: number) => boolean) =>
    percent(ranks.filter(rightRank).length, ranks.length);
  const reciprocal = ranks.reduce((sum, rank) => sum + (rank ? 1 / rank : 0), 0) / ranks.length;
  return {
    questions: String(cases.length),
    'hit@1': share((rank) => rank === 1),
    'hit@3': share((rank) => rank > 0 && rank <= 3),
    MRR: reciprocal.toFixed(3),
  };
}

/** What dialogue would do with the best passage at its FAQ threshold. */
function answering(find: Finder, cases: readonly Case[], strangers: readonly Case[]): Record<string, string> {
  const best = cases.map((each) => ({ ...each, hit: find(each.text)[0] }));
  const answered = best.filter(({ hit }) => (hit?.score ?? 0) >= FAQ_FROM);
  const falseAnswers = strangers.filter(({ text }) => (find(text)[0]?.score ?? 0) >= FAQ_FROM);
  return {
    answered: percent(answered.length, cases.length),
    'precision of answered': percent(
      answered.filter(({ article, hit }) => hit!.articleId === article).length,
      answered.length,
    ),
    'false answers': `${falseAnswers.length} of ${strangers.length}`,
  };
}

const percent = (part: number, whole: number): string =>
  whole ? `${((part / whole) * 100).toFixed(1)} %` : '–';

/** Stable when questions are added: by the text alone. */
const isSeen = (text: string): boolean => createHash('sha1').update(text).digest()[0]! % 2 === 0;

function demoShop(): void {
  const folder = new URL('../../../infra/demo/bots/shop/', import.meta.url);
  const files = readdirSync(new URL('articles/', folder));
  const articles = files.flatMap(
    (file) =>
      parse(readFileSync(new URL(`articles/${file}`, folder), 'utf8')).articles as Record<string, Doc>[],
  );
  const { questions } = parse(readFileSync(new URL('questions.yaml', folder), 'utf8')) as {
    questions: (Case & { locale: string })[];
  };
  const table: Record<string, Record<string, string>> = {};
  for (const locale of ['zh', 'en']) {
    const docs = articles.flatMap((article) =>
      article[locale] ? { ...article[locale], id: String(article['id']) } : [],
    );
    const find = ours(docs, locale);
    for (const half of ['seen', 'held out']) {
      const cases = questions.filter(
        (each) => each.locale === locale && isSeen(each.text) === (half === 'seen'),
      );
      const known = cases.filter(({ article }) => article !== 'none');
      const strangers = cases.filter(({ article }) => article === 'none');
      table[`${locale} ${half}`] = { ...ranking(find, known), ...answering(find, known, strangers) };
      table[`${locale} ${half}, plain BM25`] = ranking(plainBm25(docs), known);
    }
  }
  console.table(table);
}

function publicSets(root: string): void {
  const lines = <T>(file: string): T[] =>
    readFileSync(`${root}/${file}`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const table: Record<string, Record<string, string>> = {};
  for (const [name, locale, passages, queries] of [
    ['cmrc2018', 'zh', 'cmrc2018-zh/passages.jsonl', 'cmrc2018-zh/queries.jsonl'],
    ['xquad zh', 'zh', 'xquad-zh-en/passages.zh.jsonl', 'xquad-zh-en/queries.zh.jsonl'],
    ['xquad en', 'en', 'xquad-zh-en/passages.en.jsonl', 'xquad-zh-en/queries.en.jsonl'],
  ] as const) {
    const docs = lines<{ id: string; title: string; text: string }>(passages).map(
      ({ id, title, text }): Doc => ({ id, title, questions: [], answer: text }),
    );
    const cases = lines<{ query: string; passage_id: string }>(queries)
      .slice(0, 1_000)
      .map((each): Case => ({ text: each.query, article: each.passage_id }));
    table[name] = { passages: String(docs.length), ...ranking(ours(docs, locale), cases) };
    table[`${name}, plain BM25`] = ranking(plainBm25(docs), cases);
  }
  console.table(table);
}

demoShop();
const datasets = process.env['EVAL_DATASETS'];
if (datasets && existsSync(datasets)) publicSets(datasets);
else console.log('EVAL_DATASETS names no folder: public data sets skipped');
