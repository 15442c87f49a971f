/**
 * What is told of a message beside its intent: its language, and whether it asks for two things. The messages with two
 * requests are made of two held-out utterances of the demo shop, joined as people join them.
 */
import { existsSync } from 'node:fs';
import { detectLanguage } from '@frontdesk/core';
import type { IntentModel } from '../../dist/intent/intent-model.js';
import { OUT_OF_SCOPE } from '../../dist/intent/out-of-scope.js';
import { featuresOf } from '../../dist/lexical/features.js';
import type { Encoders } from '../../dist/neural/encoders.js';
import { clausesOf, requestsOf } from '../../dist/understanding/requests.js';
import { inAnyOrder, lines, shopHeldOut, type HeldOutOfShop } from './sets.ts';
import { percent, type Row } from './table.ts';
import { embed, share } from './tiers.ts';

const JOINTS: Readonly<Record<string, readonly string[]>> = {
  zh: ['，另外', '，还有', '。', '，顺便问一下，'],
  en: [' and ', ', also ', '. ', ', and then '],
};

export const REQUESTS_HEADER: Row = [
  'messages',
  'both found',
  'one of two',
  'two claimed where one was asked',
];

export async function requestRows(model: IntentModel, encoders: Encoders): Promise<Row[]> {
  const rows: Row[] = [];
  for (const locale of ['zh', 'en']) {
    const single = inAnyOrder(
      shopHeldOut().filter((one) => one.locale === locale && one.intent !== OUT_OF_SCOPE),
    );
    const pairs = single.flatMap((first, i) => {
      const second = single[(i + 1) % single.length]!;
      return first.intent === second.intent ? [] : [joined(first, second, i)];
    });
    const heard = await Promise.all(pairs.map(({ text }) => intentsOf(text, model, encoders)));
    const alone = await Promise.all(single.map(({ text }) => intentsOf(text, model, encoders)));
    const hits = pairs.map(({ intents }, i) => intents.filter((intent) => heard[i]!.has(intent)).length);
    rows.push([
      `demo shop, ${locale}: ${pairs.length} of two, ${single.length} of one`,
      percent(share(hits, (count) => count === 2)),
      percent(share(hits, (count) => count === 1)),
      percent(share(alone, (intents) => intents.size > 1)),
    ]);
  }
  return rows;
}

function joined(first: HeldOutOfShop, second: HeldOutOfShop, i: number) {
  const joints = JOINTS[first.locale]!;
  const bare = first.text.replace(/[。.!！?？]+$/u, '');
  return {
    text: `${bare}${joints[i % joints.length]}${second.text}`,
    intents: [first.intent, second.intent],
  };
}

/** As `Understanding` reads them, but that every message of several clauses is looked at. */
async function intentsOf(text: string, model: IntentModel, encoders: Encoders): Promise<Set<string>> {
  const clauses = clausesOf(text);
  const embeddings = await embed(
    encoders,
    'per_language',
    clauses.map((clause) => clause.text),
  );
  const readings = clauses.map((clause, i) => model.read(featuresOf(clause.text), embeddings[i]).intent);
  return new Set(requestsOf(clauses, readings).map(({ intent }) => intent.name));
}

export const LANGUAGE_HEADER: Row = ['texts', 'language', 'number', 'right'];

export function languageRows(folder: string): Row[] {
  const texts: Readonly<Record<string, () => readonly { text: string; language: string }[]>> = {
    'demo shop': () => shopHeldOut().map(({ text, locale }) => ({ text, language: locale })),
    xSID: () =>
      ['zh', 'en'].flatMap((language) => {
        const file = `${folder}/xsid-zh-en/${language}.valid.jsonl`;
        return existsSync(file) ? lines<{ text: string }>(file).map(({ text }) => ({ text, language })) : [];
      }),
    SMP2019: () => {
      const file = `${folder}/smp2019-zh/train.jsonl`;
      return existsSync(file)
        ? lines<{ text: string }>(file).map(({ text }) => ({ text, language: 'zh' }))
        : [];
    },
  };
  return Object.entries(texts).flatMap(([name, read]) =>
    [...Map.groupBy(read(), ({ language }) => language)].map(([language, own]) => [
      name,
      language,
      String(own.length),
      percent(share(own, ({ text }) => detectLanguage(text).language === language)),
    ]),
  );
}
