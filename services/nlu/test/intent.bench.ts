/**
 * CPU time of reading an intent: n-grams beside @nlpjs, with its accuracy; heads beside the encoder alone; growth with
 * intents and examples; 8 beside 32 bits, with what they lose on BANKING77.
 *
 *     npx tsc -b services/nlu && node services/nlu/test/intent.bench.ts
 *
 * Without model files, without EVAL_DATASETS or without @nlpjs (which nothing else needs: `npm install --no-save
 * @nlpjs/nlp@4.27.0 @nlpjs/lang-en@4.26.1 @nlpjs/lang-zh@4.26.1`) it says what it leaves out.
 */
import { createRequire } from 'node:module';
import type { Encoder } from '@frontdesk/onnx';
import { GraphSession } from '@frontdesk/onnx';
import { openLog, readConfig } from '@frontdesk/runtime';
import { NluConfig } from '../dist/config.js';
import { Emotions } from '../dist/emotion/emotions.js';
import { headGraph, PROBABILITIES, type Precision } from '../dist/intent/head-onnx.js';
import { Head } from '../dist/intent/head.js';
import { IntentModel } from '../dist/intent/intent-model.js';
import { argmax, Classifier } from '../dist/lexical/classifier.js';
import { shuffled } from '../dist/lexical/classifier-training.js';
import { featuresOf } from '../dist/lexical/features.js';
import { runAtOnce } from '../dist/lexical/slices.js';
import { Vocabulary } from '../dist/lexical/vocabulary.js';
import { Dense } from '../dist/neural/dense.js';
import { Encoders } from '../dist/neural/encoders.js';
import { Neighbours } from '../dist/neural/neighbours.js';
import { isThere, shop, sources, type IntentSet } from './eval/sets.ts';
import { embed, measure, share, train } from './eval/tiers.ts';

const ROUNDS = 7;
const folder = process.env['EVAL_DATASETS'] ?? '';
const open = (environment: Readonly<Record<string, string>> = {}) =>
  new Encoders(readConfig(NluConfig, { ...process.env, ...environment }), openLog('nlu', 'error'));
const skip = (what: string) => console.log(`skipped: ${what}`);

/** CPU microseconds per operation of all threads, the least of interleaved rounds; the first one warms up. */
async function leastMicros(
  operations: number,
  runs: Readonly<Record<string, () => unknown>>,
): Promise<Record<string, number>> {
  const least: Record<string, number> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) least[name] = Math.min(least[name] ?? Infinity, (user + system) / operations);
    }
  }
  return least;
}

function print(
  title: string,
  costs: Readonly<Record<string, number>>,
  more: Record<string, string> = {},
): void {
  const [baseline] = Object.values(costs);
  console.log(title);
  console.table(
    Object.fromEntries(
      Object.entries(costs).map(([name, micros]) => [
        name,
        {
          'CPU µs per message': micros.toFixed(1),
          'against the first': (micros / baseline!).toFixed(2),
          ...(more[name] && { accuracy: more[name] }),
        },
      ]),
    ),
  );
}

interface Nlpjs {
  use(plugin: unknown): void;
  get(name: 'nlp'): {
    settings: Record<string, unknown>;
    addLanguage(language: string): void;
    addDocument(language: string, text: string, intent: string): void;
    train(): Promise<void>;
    process(language: string, text: string): Promise<{ intent: string }>;
  };
}

async function nlpjsTaught(set: IntentSet, language: string) {
  const require = createRequire(import.meta.url);
  const container = (await require('@nlpjs/core').containerBootstrap()) as Nlpjs;
  container.use(require('@nlpjs/nlp').Nlp);
  container.use(language === 'zh' ? require('@nlpjs/lang-zh').LangZh : require('@nlpjs/lang-en').LangEn);
  const nlp = container.get('nlp');
  Object.assign(nlp.settings, { autoSave: false, log: false, nlu: { log: false } });
  nlp.addLanguage(language);
  for (const { text, intent } of set.splits[0]!.train)
    if (/\p{Script=Han}/u.test(text) === (language === 'zh')) nlp.addDocument(language, text, intent);
  await nlp.train();
  return (text: string) => nlp.process(language, text);
}

/** Both read the same held-out utterances in the same rounds. */
async function againstNlpjs(): Promise<void> {
  try {
    createRequire(import.meta.url).resolve('@nlpjs/nlp');
  } catch {
    return skip('@nlpjs is not installed');
  }
  const none = open({ NLU_ENCODER: 'lexical' });
  for (const [i, language] of ['zh', 'en'].entries()) {
    const set = { ...shop()[i]!, encoder: 'lexical' } as const;
    const test = set.splits[0]!.test.filter(({ intent }) => intent !== 'out_of_scope');
    const model = await train(set, set.splits[0]!, none);
    const theirs = await nlpjsTaught(set, language);
    const costs = await leastMicros(test.length, {
      '@nlpjs': async () => {
        for (const { text } of test) await theirs(text);
      },
      'n-grams': () => test.forEach(({ text }) => model.read(featuresOf(text))),
    });
    const named = await Promise.all(test.map(async ({ text }) => (await theirs(text)).intent));
    print(`n-grams beside @nlpjs, demo shop, ${language}`, costs, {
      '@nlpjs': share(
        test,
        ({ intent, text }) => named[test.findIndex((one) => one.text === text)] === intent,
      ).toFixed(3),
      'n-grams': share(
        test,
        ({ intent, text }) => model.read(featuresOf(text)).intent.name === intent,
      ).toFixed(3),
    });
  }
}

async function besideTheEncoder(encoders: Encoders): Promise<void> {
  const set = shop()[0]!;
  const model = await train(set, set.splits[0]!, encoders);
  const emotions = new Emotions(encoders, openLog('nlu', 'error'));
  await emotions.onModuleInit();
  await emotions.prepare('per_language');
  const feel = emotions.builtIn('per_language');
  for (const { title, splits } of shop()) {
    const texts = splits[0]!.test.map(({ text }) => text);
    const encoder = (await encoders.reading(texts[0]!, 'per_language'))!;
    const encode = async (text: string, features = true) => ({
      encoder: encoder.id,
      ...(await encoder.encode(text, { purpose: 'query', features })),
    });
    let runs = 0;
    const costs = await leastMicros(texts.length, {
      'encoder alone': async () => {
        for (const text of texts) await encode(text, false);
      },
      'encoder, intent and emotion': async () => {
        for (const text of texts) {
          const encoded = await encode(text);
          model.read(featuresOf(text), encoded);
          feel.read(text, encoded);
        }
      },
      'cascade, intent and emotion': async () => {
        for (const text of texts) {
          const features = featuresOf(text);
          const sure = model.settles(features, encoder.id);
          if (!sure) runs++;
          const encoded = sure ? undefined : await encode(text);
          model.read(features, encoded);
          feel.read(text, encoded);
        }
      },
    });
    print(`${title}, one message at a time (goal: heads ≤ 1.15 ×, cascade ≤ 0.40 ×)`, costs);
    console.log(
      `the cascade ran the encoder for ${((100 * runs) / texts.length / (ROUNDS + 1)).toFixed(0)} %`,
    );
  }
}

/** Weights are noise: what is read costs the same as with those of a training. */
async function growth(encoder: Encoder | undefined): Promise<void> {
  const { train: examples, test } = shop()[1]!.splits[0]!;
  const texts = test.map(({ text }) => text);
  const vector = noise(DIMENSION, 0);
  const synthetic = (intents: number, perIntent: number) => {
    const labels = Array.from({ length: intents + 1 }, (_, k) => `intent_${k}`);
    const of = Array.from({ length: intents * perIntent }, (_, i) => (i % intents) + 1);
    const vocabulary = runAtOnce(
      Vocabulary.of(
        examples.map(({ text }) => featuresOf(text)),
        8_000,
      ),
    );
    const classifier = new Classifier(labels, vocabulary, noise(vocabulary.size * labels.length, 1), 1);
    const dense = new Dense(DIMENSION, labels.length, noise((DIMENSION + 1) * labels.length, 2));
    const rows = of.map((_, i) => noise(DIMENSION, i));
    const neighbours = Neighbours.of(rows, of, labels.length);
    const ballot = { dense: 1, lexical: 0.4, neighbours: 0.6 };
    const head = new Head('noise', dense, neighbours, ballot, -Infinity, 2);
    return new IntentModel(classifier, 0, {}, new Map([['noise', head]]));
  };
  const read = (model: IntentModel) => () =>
    texts.forEach((text) => model.read(featuresOf(text), { encoder: 'noise', vector }));
  const lexical = (model: IntentModel) => () => texts.forEach((text) => model.read(featuresOf(text)));
  const encode = encoder && {
    'encoder alone': async () => {
      for (const text of texts) await encoder.encode(text, { purpose: 'query' });
    },
  };
  const byIntents = [10, 100, 1_000].map((intents) => [intents, synthetic(intents, 20)] as const);
  const costs = await leastMicros(texts.length, {
    ...encode,
    ...Object.fromEntries(byIntents.map(([n, model]) => [`n-grams, ${n} intents`, lexical(model)])),
    ...Object.fromEntries(byIntents.map(([n, model]) => [`all voices, ${n} intents`, read(model)])),
    ...Object.fromEntries(
      [10, 100, 1_000].map((n) => [`all voices, 40 intents of ${n} examples`, read(synthetic(40, n))]),
    ),
  });
  print('Growth of reading an intent, without the encoder', costs);
  if (!encoder) return;
  const whole = (name: string) => costs['encoder alone']! + costs[`all voices, ${name}`]!;
  const times = (large: string, small: string) => (whole(large) / whole(small)).toFixed(2);
  console.log(
    `with the encoder: 10 → 1,000 intents ${times('1000 intents', '10 intents')} ×, ` +
      `10 → 1,000 examples ${times('40 intents of 1000 examples', '40 intents of 10 examples')} × (goal: 1.2 ×)`,
  );
}

const DIMENSION = 384;
const pool = Float32Array.from(shuffled(1 << 16, 7), (place) => place / (1 << 15) - 1);

function noise(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => pool[(i + seed * 8_191) % pool.length]! / 20);
}

async function bits(): Promise<void> {
  const banking = sources.find(({ name }) => name === 'banking77')!;
  const set = isThere(banking, folder) ? banking.read(folder)[0]! : undefined;
  if (!set) skip('EVAL_DATASETS holds no BANKING77: 8 and 32 bits compared by cost only');
  const texts = (set ?? shop()[1]!).splits[0]!.test.slice(0, 200).map(({ text }) => text);
  const runs: Record<string, () => Promise<unknown>> = {};
  const accuracy: Record<string, string> = {};
  const opened: Encoders[] = [];
  for (const id of ['all-minilm-l6-v2-fp32', 'all-minilm-l6-v2']) {
    const encoders = open({ NLU_ENCODER: 'multilingual', NLU_ENCODER_MULTILINGUAL: id });
    opened.push(encoders);
    const encoder = await encoders.reading('', 'multilingual');
    if (!encoder) return skip(`no model ${id}: run "make models MODELS=all"`);
    runs[id] = async () => {
      for (const text of texts) await encoder.encode(text, { purpose: 'query' });
    };
    if (!set) continue;
    const read = await measure({ ...set, encoder: 'multilingual' }, encoders);
    accuracy[id] = read.get('neural')!.accuracy.toFixed(4);
    if (id === 'all-minilm-l6-v2') await headBits(set, encoders);
  }
  print(
    '8 beside 32 bits, one message at a time (goal: ≥ 3 × as fast, ≤ 0.5 points lost)',
    await leastMicros(texts.length, runs),
    accuracy,
  );
  await Promise.all(opened.map((encoders) => encoders.onModuleDestroy()));
}

/** What a head loses as a graph of 8 bits, by itself. */
async function headBits(set: IntentSet, encoders: Encoders): Promise<void> {
  const [split] = set.splits;
  const model = await train({ ...set, encoder: 'multilingual' }, split!, encoders);
  const [{ dense }] = [...model.heads.values()] as [Head];
  const embeddings = await embed(
    encoders,
    'multilingual',
    split!.test.map(({ text }) => text),
  );
  for (const precision of ['fp32', 'int8'] satisfies Precision[]) {
    const graph = headGraph(dense, precision);
    const session = await GraphSession.open(graph);
    let right = 0;
    for (const [i, { intent }] of split!.test.entries()) {
      const feed = { data: Float32Array.from(embeddings[i]!.vector), dims: [1, dense.dimension] };
      const said = (await session.run({ embedding: feed }))[PROBABILITIES]!.data as Float32Array;
      if (model.classifier.labels[argmax(said)] === intent) right++;
    }
    await session.close();
    console.log(
      `the linear voice as a graph, ${precision}: ${(right / split!.test.length).toFixed(4)} on BANKING77, ${(graph.length / 1e3).toFixed(0)} kB`,
    );
  }
}

await againstNlpjs();
const encoders = open();
const encoder = await encoders.reading('where is my order', 'per_language');
if (encoder) await besideTheEncoder(encoders);
else skip('no model files: run "make models"');
await growth(encoder);
await encoders.onModuleDestroy();
await bits();
