/**
 * Emotions and sentiments of public sets, learned as the built-in ones are: n-grams, and the features of an encoder
 * joined with them. GoEmotions' labels are brought to Ekman's six and neutral; a text with several is learned under
 * its first, and named by every label whose probability reaches what served best on held-out examples.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { trainEmotionHead, trainLexicalEmotions } from '../../dist/emotion/emotion-head-training.js';
import { argmax } from '../../dist/lexical/classifier.js';
import { featuresOf, foldOf } from '../../dist/lexical/features.js';
import { runInSlices } from '../../dist/lexical/slices.js';
import type { Encoders } from '../../dist/neural/encoders.js';
import { logSoftmax } from '../../dist/neural/opinion-pool.js';
import { inAnyOrder, lines } from './sets.ts';
import { percent, verdict, type Row } from './table.ts';
import { share } from './tiers.ts';

interface Felt {
  readonly text: string;
  /** At least one. */
  readonly labels: readonly string[];
}

interface FeelingSet {
  readonly title: string;
  readonly train: readonly Felt[];
  readonly test: readonly Felt[];
  /** Of macro-F1, 0 to 1. */
  readonly goal?: number;
  readonly published: string;
}

interface FeelingSource {
  /** As EVAL_ONLY names it. */
  readonly name: string;
  readonly file: string;
  read(folder: string): FeelingSet;
}

export const feelingSources: readonly FeelingSource[] = [
  { name: 'goemotions', file: 'goemotions-en/dev.tsv', read: goEmotions },
  { name: 'ewect', file: 'ewect-zh/usual_eval_labeled.jsonl', read: ewect },
  { name: 'reviews', file: 'zh-reviews/waimai_10k.csv', read: reviews },
  { name: 'eprstmt', file: 'fewclue-zh/eprstmt.train_0.jsonl', read: eprstmt },
];

export const FEELINGS_HEADER: Row = [
  'set',
  'read by',
  'all labels right',
  'macro-F1',
  'goal with an encoder',
  'published',
];

export function isThere({ file }: FeelingSource, folder: string): boolean {
  return existsSync(`${folder}/${file}`);
}

export async function feelingRows(set: FeelingSet, encoders: Encoders): Promise<Row[]> {
  const labels = [...new Set(set.train.map((felt) => felt.labels[0]!))].sort();
  const examples = set.train.map(({ text, labels: [label] }) => {
    const features = featuresOf(text);
    return { features, label: labels.indexOf(label!), fold: foldOf(features) };
  });
  const words = await runInSlices(trainLexicalEmotions(labels, examples));
  const { temperature } = words.classifier;
  const heard = set.test.map(({ text }) =>
    logSoftmax(words.classifier.scores(featuresOf(text)).map((score) => score / temperature)),
  );
  const rehearsed = words.heldOut.map(({ index, scores }) => ({
    index,
    probabilities: words.classifier.probabilities(scores),
  }));
  const spoken = heard.map((logs) => logs.map(Math.exp));
  const rows = [rowOf(set, 'lexical', labels, namesOf(set, labels, rehearsed, spoken))];
  const [train, test] = [await encoded(set.train, encoders), await encoded(set.test, encoders)];
  const trained = train && (await trainEmotionHead(examples, train, words));
  if (trained && test) {
    const said = heard.map((lexical, i) => trained.head.read(test[i]!, lexical));
    rows.push(rowOf(set, 'neural', labels, namesOf(set, labels, trained.heldOut, said)));
  }
  return rows;
}

interface Rehearsed {
  /** Index of the example. */
  readonly index: number;
  readonly probabilities: Float32Array;
}

/** What each text of the test is said to be: the likeliest label, or several where texts have several. */
function namesOf(
  { train }: FeelingSet,
  labels: readonly string[],
  rehearsed: readonly Rehearsed[],
  said: readonly Float32Array[],
): string[][] {
  if (train.every((felt) => felt.labels.length === 1)) return said.map((values) => [labels[argmax(values)]!]);
  const limits = labels.map((label, k) =>
    bestLimit(
      rehearsed.map(({ index, probabilities }) => ({
        probability: probabilities[k]!,
        right: train[index]!.labels.includes(label),
      })),
    ),
  );
  return said.map((values) => labels.filter((_, k) => values[k]! >= limits[k]!));
}

/** From which probability on a label is named, so that its F1 is highest. */
function bestLimit(judged: readonly { readonly probability: number; readonly right: boolean }[]): number {
  const actual = judged.filter(({ right }) => right).length;
  let [limit, highest, hits] = [1, 0, 0];
  const ranked = judged.toSorted((a, b) => b.probability - a.probability);
  for (const [i, { probability, right }] of ranked.entries()) {
    if (right) hits++;
    const score = (2 * hits) / (actual + i + 1);
    if (score > highest) [limit, highest] = [probability, score];
  }
  return limit;
}

/** By the encoder that reads the first text: each set is of one language. */
async function encoded(felt: readonly Felt[], encoders: Encoders): Promise<Float32Array[] | undefined> {
  const encoder = await encoders.reading(felt[0]!.text, 'per_language');
  const texts = felt.map(({ text }) => text);
  const encodings = await encoder?.encodeAll(texts, { purpose: 'query', features: true });
  return encodings?.map(({ features }) => features);
}

function rowOf(
  set: FeelingSet,
  tier: string,
  labels: readonly string[],
  named: readonly (readonly string[])[],
): Row {
  const macroF1 = labels.reduce((sum, label) => sum + f1(set.test, named, label) / labels.length, 0);
  const isLexical = tier === 'lexical';
  return [
    isLexical ? `${set.title}, ${set.train.length} learned` : '',
    tier,
    percent(share([...set.test.keys()], (i) => isSame(set.test[i]!.labels, named[i]!))),
    percent(macroF1),
    isLexical || set.goal === undefined ? '' : verdict({ macroF1: set.goal }, { macroF1 }),
    isLexical ? set.published : '',
  ];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}

function f1(test: readonly Felt[], named: readonly (readonly string[])[], label: string): number {
  const actual = test.filter(({ labels }) => labels.includes(label)).length;
  const claimed = named.filter((names) => names.includes(label)).length;
  const right = test.filter(({ labels }, i) => labels.includes(label) && named[i]!.includes(label)).length;
  return (2 * right) / (actual + claimed || 1);
}

/** Ekman's, as the authors of the set group them. */
const EKMAN: Readonly<Record<string, string>> = {
  anger: 'anger annoyance disapproval',
  disgust: 'disgust',
  fear: 'fear nervousness',
  joy: 'joy amusement approval excitement gratitude love optimism relief pride admiration desire caring',
  sadness: 'sadness disappointment embarrassment grief remorse',
  surprise: 'surprise realization confusion curiosity',
  neutral: 'neutral',
};
/** More of the 43,410 only take longer. */
const MOST_OF_GOEMOTIONS = 20_000;

function goEmotions(folder: string): FeelingSet {
  const names = readFileSync(`${folder}/goemotions-en/labels.txt`, 'utf8').trim().split('\n');
  const ekman = new Map(
    Object.entries(EKMAN).flatMap(([name, fine]) => fine.split(' ').map((one) => [one, name])),
  );
  const read = (tsv: string) =>
    tsv
      .trim()
      .split('\n')
      .map((line) => {
        const [text, ids] = line.split('\t') as [string, string];
        const labels = ids.split(',').map((id) => ekman.get(names[Number(id)]!.trim())!);
        return { text, labels: [...new Set(labels)] };
      });
  return {
    title: 'GoEmotions, Ekman',
    train: read(gunzipSync(readFileSync(`${folder}/goemotions-en/train.tsv.gz`)).toString()).slice(
      0,
      MOST_OF_GOEMOTIONS,
    ),
    test: read(readFileSync(`${folder}/goemotions-en/dev.tsv`, 'utf8')),
    goal: 0.6,
    published: 'BERT 0.62–0.64',
  };
}

/** Of the usual posts a fifth is held out; those about an epidemic are learned too. */
function ewect(folder: string): FeelingSet {
  const read = (file: string) =>
    lines<{ text: string; label: string }>(`${folder}/ewect-zh/${file}`)
      .filter(({ text }) => text.trim() !== '')
      .map(({ text, label }) => ({ text, labels: [label] }));
  const usual = inAnyOrder(read('usual_eval_labeled.jsonl'));
  return {
    title: 'EWECT, usual',
    train: [...usual.slice(400), ...read('virus_train.jsonl')],
    test: usual.slice(0, 400),
    goal: 0.62,
    published: 'TF-IDF 0.53; BERT 0.739 on more data',
  };
}

function reviews(folder: string): FeelingSet {
  const rows = parse(readFileSync(`${folder}/zh-reviews/waimai_10k.csv`), { columns: true, bom: true }) as {
    label: string;
    review: string;
  }[];
  const all = inAnyOrder(rows.filter(({ review }) => review.trim() !== '')).map(({ label, review }) => ({
    text: review,
    labels: [label],
  }));
  return {
    title: 'takeaway reviews',
    train: all.slice(2_000, 8_000),
    test: all.slice(0, 2_000),
    published: '',
  };
}

function eprstmt(folder: string): FeelingSet {
  const read = (file: string) =>
    lines<{ sentence: string; label: string }>(`${folder}/fewclue-zh/${file}`).map(({ sentence, label }) => ({
      text: sentence,
      labels: [label],
    }));
  return {
    title: 'EPRSTMT, few examples',
    train: read('eprstmt.train_few_all.jsonl'),
    test: read('eprstmt.dev_few_all.jsonl'),
    published: '0.883',
  };
}
