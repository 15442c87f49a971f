/**
 * How much personal data the masking finds, by type and language, and how many look-alikes it takes for personal data.
 * A span is found when every letter and digit of it lies inside what would be masked. Prints tables; asserts nothing.
 * `npx tsc -b libs/core && EVAL_DATASETS=<folder> node services/nlu/test/pii.eval.ts [--misses]`
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findPii } from '@frontdesk/core';

interface Labelled {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Sentence {
  readonly text: string;
  readonly spans: readonly Labelled[];
}

/** Types which have a form of their own. The others are words, and found only where something says what they are. */
const STRUCTURED = new Set(
  'PHONE LANDLINE EMAIL BANK_CARD CN_ID IP PASSPORT WECHAT PLATE CREDIT_CARD PHONE_NUMBER EMAIL_ADDRESS IBAN_CODE US_SSN US_DRIVER_LICENSE IP_ADDRESS'.split(
    ' ',
  ),
);
/** Labels of pii-en which name no person: a country, an employer, a year. */
const NOT_PERSONAL = new Set('GPE ORGANIZATION DATE_TIME TITLE AGE NRP DOMAIN_NAME'.split(' '));

const { values: options } = parseArgs({ options: { misses: { type: 'boolean' } } });

/** Offsets in the sets count code points; ours count UTF-16 units. */
function sentences(path: string, read: (span: Record<string, string & number>) => Labelled): Sentence[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; spans: Record<string, string & number>[] })
    .map(({ text, spans }) => {
      const units = (points: number) => [...text].slice(0, points).join('').length;
      return {
        text,
        spans: spans.map(read).map((span) => ({ ...span, start: units(span.start), end: units(span.end) })),
      };
    });
}

function recall(language: string, set: readonly Sentence[]): void {
  const counts = new Map<string, { spans: number; found: number }>();
  for (const { text, spans } of set) {
    const found = findPii(text);
    for (const { type, start, end } of spans) {
      if (NOT_PERSONAL.has(type)) continue;
      const covered = [...text.slice(start, end)].every(
        (character, i) =>
          !/[\p{L}\p{N}]/u.test(character) ||
          found.some((span) => span.start <= start + i && start + i < span.end),
      );
      for (const row of [type, STRUCTURED.has(type) ? 'all structured' : 'all words']) {
        const { spans: all, found: hits } = counts.get(row) ?? { spans: 0, found: 0 };
        counts.set(row, { spans: all + 1, found: hits + (covered ? 1 : 0) });
      }
      if (!covered && options.misses)
        console.log(`miss ${type} ${JSON.stringify(text.slice(start, end))} in ${JSON.stringify(text)}`);
    }
  }
  console.log(`Recall, ${language}`);
  console.table(
    Object.fromEntries(
      [...counts].map(([type, { spans, found }]) => [
        type,
        { spans, found, recall: (found / spans).toFixed(4) },
      ]),
    ),
  );
}

function lookAlikes(name: string, texts: readonly string[]): Record<string, unknown> {
  const masked = texts.filter((text) => findPii(text).length > 0);
  if (options.misses)
    for (const text of masked)
      console.log(`masked in ${name}: ${JSON.stringify(text)} ${JSON.stringify(findPii(text))}`);
  return {
    set: name,
    texts: texts.length,
    masked: masked.length,
    share: (masked.length / texts.length).toFixed(4),
  };
}

const lines = (path: string) => readFileSync(path, 'utf8').replaceAll(': NaN', ': null').trim().split('\n');

function evaluate(folder: string): void {
  recall(
    'zh (safety-zh)',
    sentences(`${folder}/safety-zh/pii_pos.jsonl`, ({ type, start, end }) => ({
      type: type!,
      start: start!,
      end: end!,
    })),
  );
  const english = sentences(
    `${folder}/pii-en/synthetic.jsonl`,
    ({ entity_type, start_position, end_position }) => ({
      type: entity_type!,
      start: start_position!,
      end: end_position!,
    }),
  );
  recall('en (pii-en)', english);
  console.log('Texts in which something is masked that is not personal');
  console.table([
    lookAlikes(
      'safety-zh look-alikes',
      sentences(`${folder}/safety-zh/pii_neg.jsonl`, () => ({ type: '', start: 0, end: 0 })).map(
        ({ text }) => text,
      ),
    ),
    lookAlikes(
      'pii-en, sentences without spans',
      english.filter(({ spans }) => spans.length === 0).map(({ text }) => text),
    ),
    lookAlikes(
      'clinc150',
      lines(`${folder}/clinc150/train-val.jsonl`).map((line) => JSON.parse(line).text),
    ),
    lookAlikes('banking77', lines(`${folder}/banking77/train.csv`)),
    lookAlikes(
      'smp2019',
      lines(`${folder}/smp2019-zh/train.jsonl`).map((line) => JSON.parse(line).text),
    ),
    lookAlikes(
      'jddc, what customers wrote',
      lines(`${folder}/jddc-zh/valid.jsonl`).flatMap((line) =>
        JSON.parse(line).turns.map((turn: { user: string }) => turn.user),
      ),
    ),
  ]);
}

const folder = process.env['EVAL_DATASETS'];
if (folder && existsSync(folder)) evaluate(folder);
else console.log('EVAL_DATASETS names no folder: recall of personal data not measured');
