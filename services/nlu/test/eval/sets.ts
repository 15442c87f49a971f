/**
 * What intents are measured on: the demo shop's held-out utterances, which this checkout holds, and public sets from
 * the folder which EVAL_DATASETS names, each split the same way at every run. Nothing of a test is ever trained on.
 * The goals are this project's own; what others published stands beside them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import type { LabelledUtterance } from '../../dist/intent/training-set.js';
import { shuffled } from '../../dist/lexical/classifier-training.js';
import type { EncoderChoice } from '../../dist/settings/bot-settings.js';

/** Columns of the table that can have a goal, 0 to 1. */
export type Measure = 'accuracy' | 'macroF1' | 'recallAt5';

export interface Split {
  readonly train: readonly LabelledUtterance[];
  /** Those of `out_of_scope` count for rejection only. */
  readonly test: readonly LabelledUtterance[];
}

export interface IntentSet {
  readonly title: string;
  /** What the tests of all splits say is counted together. */
  readonly splits: readonly Split[];
  readonly parents: Readonly<Record<string, string>>;
  readonly encoder: EncoderChoice;
  /** What the reading with an encoder shall reach. */
  readonly goals: Readonly<Partial<Record<Measure, number>>>;
  readonly published: string;
}

export interface Source {
  /** As EVAL_ONLY names it. */
  readonly name: string;
  /** The file it needs, in the folder of the data sets; undefined: part of this checkout. */
  readonly file: string | undefined;
  read(folder: string): IntentSet[];
}

const SEED = 1;
const OUT_OF_SCOPE = 'out_of_scope';
const PLAIN = { parents: {}, encoder: 'per_language', goals: {}, published: '' } as const;

export const sources: readonly Source[] = [
  { name: 'shop', file: undefined, read: shop },
  { name: 'banking77', file: 'banking77/train.csv', read: banking77 },
  { name: 'clinc150', file: 'clinc150/train-val.jsonl', read: clinc150 },
  { name: 'xsid', file: 'xsid-zh-en/zh.valid.jsonl', read: xsid },
  { name: 'smp2019', file: 'smp2019-zh/train.jsonl', read: smp2019 },
  { name: 'jddc', file: 'jddc-zh/valid.jsonl', read: jddc },
];

export function isThere({ file }: Source, folder: string): boolean {
  return file === undefined || existsSync(`${folder}/${file}`);
}

interface ShopIntent {
  readonly name: string;
  readonly parent?: string;
  readonly examples?: Readonly<Record<string, readonly string[]>>;
}

export interface HeldOutOfShop extends LabelledUtterance {
  readonly locale: string;
}

/** Bilingual: trained as one bot, tested in each language. */
export function shop(): IntentSet[] {
  const intents = readdirSync(SHOP)
    .filter((file) => file !== 'holdout.yaml')
    .flatMap((file) => (yaml(file) as { intents: ShopIntent[] }).intents);
  const train = intents.flatMap(({ name, examples = {} }) =>
    Object.values(examples).flatMap((texts) => texts.map((text) => ({ text, intent: name }))),
  );
  const parents = Object.fromEntries(intents.flatMap(({ name, parent }) => (parent ? [[name, parent]] : [])));
  return ['zh', 'en'].map((locale) => ({
    ...PLAIN,
    title: `demo shop, ${locale}`,
    parents,
    splits: [{ train, test: shopHeldOut().filter((utterance) => utterance.locale === locale) }],
  }));
}

export function shopHeldOut(): HeldOutOfShop[] {
  return (yaml('holdout.yaml') as { holdout: HeldOutOfShop[] }).holdout;
}

const SHOP = new URL('../../../../infra/demo/bots/shop/intents/', import.meta.url);

function yaml(file: string): unknown {
  return parseYaml(readFileSync(new URL(file, SHOP), 'utf8'));
}

/** A fifth is held out; then again with ten examples per intent. */
function banking77(folder: string): IntentSet[] {
  const rows = parse(readFileSync(`${folder}/banking77/train.csv`), { columns: true, trim: true }) as {
    text: string;
    category: string;
  }[];
  const all = inAnyOrder(rows.map(({ text, category }) => ({ text, intent: category })));
  const [test, train] = [all.slice(0, 2_000), all.slice(2_000)];
  const few = [...Map.groupBy(train, ({ intent }) => intent).values()].flatMap((own) => own.slice(0, 10));
  const published = '0.93–0.946; TF-IDF 0.85';
  return [
    { ...PLAIN, title: 'BANKING77', splits: [{ train, test }], goals: { accuracy: 0.935 }, published },
    {
      ...PLAIN,
      title: 'BANKING77, 10 per intent',
      splits: [{ train: few, test }],
      goals: { accuracy: 0.85 },
    },
  ];
}

/** Tested on its validation part and on everything out of scope, of which nothing is trained. */
function clinc150(folder: string): IntentSet[] {
  const rows = lines<{ split: string; text: string; intent: string }>(`${folder}/clinc150/train-val.jsonl`);
  const known = rows.map(({ split, text, intent }) => ({
    split,
    text,
    intent: intent === 'oos' ? OUT_OF_SCOPE : intent,
  }));
  return [
    {
      ...PLAIN,
      title: 'CLINC150',
      splits: [
        {
          train: known.filter(({ split, intent }) => split === 'train' && intent !== OUT_OF_SCOPE),
          test: known.filter(({ split, intent }) => split === 'val' || intent === OUT_OF_SCOPE),
        },
      ],
      goals: { accuracy: 0.96, recallAt5: 0.75 },
      published: 'BERT 0.969, recall 0.40–0.52',
    },
  ];
}

/** Taught in one language, asked in the other. */
function xsid(folder: string): IntentSet[] {
  const read = (language: string) => lines<LabelledUtterance>(`${folder}/xsid-zh-en/${language}.valid.jsonl`);
  const across = (from: string, to: string, goals: IntentSet['goals'], published: string): IntentSet => ({
    ...PLAIN,
    title: `xSID, ${from} → ${to}`,
    splits: [{ train: read(from), test: read(to) }],
    encoder: 'multilingual',
    goals,
    published,
  });
  return [across('en', 'zh', { accuracy: 0.8 }, 'TF-IDF 0.078'), across('zh', 'en', {}, '')];
}

function smp2019(folder: string): IntentSet[] {
  const rows = inAnyOrder(
    lines<{ text: string; domain: string; intent: string }>(`${folder}/smp2019-zh/train.jsonl`),
  );
  const labelled = (intentOf: (row: { domain: string; intent: string }) => string) =>
    fifths(rows.map((row) => ({ text: row.text, intent: intentOf(row) })));
  return [
    {
      ...PLAIN,
      title: 'SMP2019, domain',
      splits: labelled(({ domain }) => domain),
      goals: { accuracy: 0.93 },
      published: 'TF-IDF 0.882',
    },
    {
      ...PLAIN,
      title: 'SMP2019, domain and intent',
      splits: labelled((row) => `${row.domain} ${row.intent}`),
    },
  ];
}

interface JddcDialogue {
  readonly turns: readonly { readonly user: string; readonly intent: string | null }[];
}

/** Whole dialogues are held out: turns of one dialogue resemble each other. */
function jddc(folder: string): IntentSet[] {
  const dialogues = inAnyOrder(lines<JddcDialogue>(`${folder}/jddc-zh/valid.jsonl`)).map(({ turns }) =>
    turns.flatMap(({ user, intent }) => (user.trim() && intent ? [{ text: user, intent }] : [])),
  );
  return [
    {
      ...PLAIN,
      title: 'JDDC, split by dialogue',
      splits: fifths(dialogues).map(({ train, test }) => ({ train: train.flat(), test: test.flat() })),
      goals: { macroF1: 0.25 },
      published: 'TF-IDF macro-F1 0.138',
    },
  ];
}

/** Each fifth is held out once: a single one of a small set would measure luck. */
function fifths<T>(items: readonly T[]): { readonly train: T[]; readonly test: T[] }[] {
  return [0, 1, 2, 3, 4].map((fold) => ({
    train: items.filter((_, i) => i % 5 !== fold),
    test: items.filter((_, i) => i % 5 === fold),
  }));
}

/** Some files write NaN for what is not known. */
export function lines<Row>(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.replaceAll(': NaN', ': null')) as Row);
}

export function inAnyOrder<T>(items: readonly T[]): T[] {
  return Array.from(shuffled(items.length, SEED), (index) => items[index]!);
}
