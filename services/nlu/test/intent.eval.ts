/**
 * How well the lexical model does: the demo shop's intents on utterances written apart from its examples, and public
 * data sets where they lie under EVAL_DATASETS. Prints a table; asserts nothing.
 * `npx tsc -b services/nlu && node services/nlu/test/intent.eval.ts`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { detectLanguage } from '@frontdesk/core';
import { featuresOf } from '../dist/classifier/features.js';
import { trainIntents, type LabelledUtterance } from '../dist/classifier/intent-training.js';
import type { IntentModel } from '../dist/classifier/intent-model.js';
import { runAtOnce } from '../dist/classifier/slices.js';
import { builtInEmotions, readEmotion, trainEmotions } from '../dist/emotion/emotion-model.js';
import { emotions } from '../dist/emotion/emotion-examples.js';
import { measure, scoreHeldOut } from '../dist/classifier/classifier-training.js';
import { extractEntities } from '../dist/entities/extract-entities.js';

interface Case {
  readonly text: string;
  readonly intent: string;
}

function train(utterances: readonly LabelledUtterance[]): { model: IntentModel; ms: number } {
  const start = process.cpuUsage().user;
  const { model } = runAtOnce(trainIntents(utterances, {}));
  return { model, ms: Math.round((process.cpuUsage().user - start) / 1_000) };
}

function report(set: string, model: IntentModel, cases: readonly Case[]): Record<string, unknown> {
  const inScope = cases.filter((each) => each.intent !== 'out_of_scope');
  const outOfScope = cases.filter((each) => each.intent === 'out_of_scope');
  const read = (each: Case) => model.read(featuresOf(each.text));
  const best = (each: Case) => {
    const { intent, alternatives } = read(each);
    return intent.name === 'out_of_scope' ? (alternatives[0]?.name ?? '') : intent.name;
  };
  const share = (part: readonly Case[], of: readonly Case[]) =>
    of.length ? (part.length / of.length).toFixed(3) : '–';
  const rejected = (each: Case) => read(each).intent.name === 'out_of_scope';
  const names = [...new Set(inScope.map((each) => each.intent))];
  const f1 = names.map((name) => {
    const predicted = inScope.filter((each) => best(each) === name);
    const actual = inScope.filter((each) => each.intent === name);
    return (2 * predicted.filter((each) => each.intent === name).length) / (predicted.length + actual.length);
  });
  return {
    set,
    cases: cases.length,
    accuracy: share(
      inScope.filter((each) => best(each) === each.intent),
      inScope,
    ),
    macroF1: (f1.reduce((sum, value) => sum + value, 0) / f1.length).toFixed(3),
    answeredRight: share(
      inScope.filter((each) => read(each).intent.name === each.intent),
      inScope,
    ),
    falseReject: share(inScope.filter(rejected), inScope),
    oosRecall: share(outOfScope.filter(rejected), outOfScope),
  };
}

function shop(): void {
  const folder = new URL('../../../infra/demo/bots/shop/intents/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name !== 'holdout.yaml');
  const utterances: LabelledUtterance[] = files.flatMap((name) =>
    parse(readFileSync(new URL(name, folder), 'utf8')).intents.flatMap(
      (intent: { name: string; examples?: Record<string, string[]> }) =>
        Object.values(intent.examples ?? {}).flatMap((texts) =>
          texts.map((text) => ({ text, intent: intent.name })),
        ),
    ),
  );
  const holdout: (Case & { locale: string })[] = parse(
    readFileSync(new URL('holdout.yaml', folder), 'utf8'),
  ).holdout;
  const { model, ms } = train(utterances);
  console.log(`\nDemo shop: ${utterances.length} examples, trained and calibrated in ${ms} ms CPU`);
  console.table(
    ['zh', 'en'].map((locale) =>
      report(
        `shop ${locale}`,
        model,
        holdout.filter((each) => each.locale === locale),
      ),
    ),
  );
  cost(
    model,
    holdout.map((each) => each.text),
  );
}

/** CPU µs per utterance of everything Analyze does, after warm-up. */
function cost(model: IntentModel, texts: readonly string[]): void {
  const emotion = runAtOnce(trainEmotions([]));
  const today = { year: 2026, month: 11, day: 21 };
  const steps: Record<string, (text: string) => unknown> = {
    language: detectLanguage,
    features: featuresOf,
    intent: (text) => model.read(featuresOf(text)),
    emotion: (text) => readEmotion(emotion, text),
    entities: (text) => extractEntities(text, { today }),
    all: (text) => {
      const features = featuresOf(text);
      return [
        detectLanguage(text),
        model.read(features),
        readEmotion(emotion, text),
        extractEntities(text, { today }),
      ];
    },
  };
  const rounds = 40;
  const microseconds = (step: (text: string) => unknown) => {
    const samples = Array.from({ length: 7 }, () => {
      const start = process.cpuUsage().user;
      for (let round = 0; round < rounds; round++) for (const text of texts) step(text);
      return (process.cpuUsage().user - start) / rounds / texts.length;
    });
    return Math.min(...samples).toFixed(1);
  };
  console.log('CPU µs per utterance');
  console.table([
    Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, microseconds(step)])),
  ]);
}

function emotionTable(): void {
  const heldOut = runAtOnce(scoreHeldOut(emotions, builtInEmotions()));
  console.log('Emotion, cross-validated on its own examples', measure(heldOut, emotions.length));
}

function publicSets(folder: string): void {
  const lines = (path: string) =>
    readFileSync(`${folder}/${path}`, 'utf8').replaceAll(': NaN', ': null').trim().split('\n');
  const banking: Case[] = lines('banking77/train.csv')
    .slice(1)
    .flatMap((line) => {
      const match = /^"?(.+?)"?,([\w?]+)\r?$/.exec(line);
      return match ? [{ text: match[1]!, intent: match[2]! }] : [];
    });
  const smp: Case[] = lines('smp2019-zh/train.jsonl')
    .map((line) => JSON.parse(line))
    .map(({ text, domain }) => ({ text, intent: domain }));
  const fifth = (cases: readonly Case[], fold: number, held: boolean) =>
    cases.filter((_, i) => (i % 5 === fold) === held);
  const table = [];
  for (const [name, cases] of [
    ['banking77', banking],
    ['smp2019 domains', smp],
  ] as const) {
    const { model, ms } = train(fifth(cases, 0, false));
    table.push({ ...report(`${name}, one fifth held out`, model, fifth(cases, 0, true)), trainMs: ms });
  }
  const clinc = lines('clinc150/train-val.jsonl').map((line) => JSON.parse(line) as Case & { split: string });
  const renamed = clinc.map((each) => ({
    ...each,
    intent: each.intent === 'oos' ? 'out_of_scope' : each.intent,
  }));
  const training = renamed.filter((each) => each.split === 'train' && each.intent !== 'out_of_scope');
  const testing = renamed.filter((each) => each.split === 'val' || each.intent === 'out_of_scope');
  const { model, ms } = train(training);
  table.push({ ...report('clinc150, validation split', model, testing), trainMs: ms });
  console.log('\nPublic data sets');
  console.table(table);
}

shop();
emotionTable();
const datasets = process.env['EVAL_DATASETS'];
if (datasets && existsSync(datasets)) publicSets(datasets);
else console.log('EVAL_DATASETS names no folder: public data sets skipped');
