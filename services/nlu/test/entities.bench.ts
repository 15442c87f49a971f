/**
 * CPU time of extractEntities: per message without definitions against core's finder of personal data, with catalogues
 * of 100, 1,000 and 10,000 names, and with patterns; and of making definitions ready.
 * `npx tsc -b services/nlu && node services/nlu/test/entities.bench.ts`
 */
import { findPii } from '@frontdesk/core';
import { compileDefinitions, type EntityDefinition } from '../dist/entities/custom.js';
import { extractEntities } from '../dist/entities/extract-entities.js';
import { leastMicroseconds } from './least-microseconds.ts';

const today = { year: 2026, month: 11, day: 21, minute: 870 };
const messages = [
  '你好，订单A1001到哪了，下周一下午三点前能到吗',
  '我的手机１３８ 0013 8000，寄到浙江省杭州市西湖区文三路68号12栋2单元',
  'where is my order? I paid $20.50 last Monday',
  '机械键盘K42什么时候有货',
  'The keyboard I bought does not connect to my laptop, can I send it back?',
  'is the Mechanical Keyboard K77 in stock, and the mouse?',
];

const catalogue = (names: number): EntityDefinition => ({
  type: 'product',
  kind: 'list',
  values: Array.from({ length: names }, (_, i) => ({
    value: `机械键盘K${i}`,
    synonyms: [`Mechanical Keyboard K${i}`],
  })),
});
const patterns = (count: number): EntityDefinition[] =>
  Array.from({ length: count }, (_, i) => ({
    type: `code_${i}`,
    kind: 'pattern',
    pattern: `会员${i}[A-Z]{2}\\d{6}`,
  }));

const REPEATS = 500;
const each = (step: (text: string) => unknown) => () => {
  for (let i = 0; i < REPEATS; i++) for (const message of messages) step(message);
};
const withDefinitions = (...definitions: EntityDefinition[]) => {
  const custom = compileDefinitions(definitions);
  return each((text) => extractEntities(text, { today, custom }));
};

const perMessage = leastMicroseconds({
  'findPii alone': each(findPii),
  'no definitions': each((text) => extractEntities(text, { today })),
  '100 names': withDefinitions(catalogue(100)),
  '1,000 names': withDefinitions(catalogue(1_000)),
  '10,000 names': withDefinitions(catalogue(10_000)),
  '10 patterns': withDefinitions(...patterns(10)),
  '100 patterns': withDefinitions(...patterns(100)),
});
const micros = (name: string) => perMessage[name]! / REPEATS / messages.length;
console.table(
  Object.fromEntries(
    Object.keys(perMessage).map((name) => [
      name,
      {
        'CPU µs per message': micros(name).toFixed(1),
        'against no definitions': (micros(name) / micros('no definitions')).toFixed(2),
      },
    ]),
  ),
);

const compile = leastMicroseconds(
  Object.fromEntries(
    [100, 1_000, 10_000].map((names) => [
      names,
      () => {
        for (let i = 0; i < 20_000 / names; i++) compileDefinitions([catalogue(names)]);
      },
    ]),
  ),
);
console.log('CPU ms to make a catalogue ready');
console.table([
  Object.fromEntries(
    Object.entries(compile).map(([name, total]) => [
      `${name} names`,
      ((total / 1_000 / 20_000) * Number(name)).toFixed(2),
    ]),
  ),
]);

/** One letter repeated, in a list of its repetitions: every place of the text begins a hundred words. */
const repeated = compileDefinitions([
  {
    type: 'x',
    kind: 'list',
    values: Array.from({ length: 99 }, (_, i) => ({ value: `${'好'.repeat(i + 1)}坏`, synonyms: [] })),
  },
]);
const hostile = leastMicroseconds(
  Object.fromEntries(
    [2_000, 8_000].map((length) => [
      length,
      () => void extractEntities('好'.repeat(length), { today, custom: repeated }),
    ]),
  ),
);
console.log('CPU ms of a text made to be slow, and its growth when it is four times as long (linear: 4)');
console.table([
  {
    '2,000': (hostile['2000']! / 1_000).toFixed(2),
    '8,000': (hostile['8000']! / 1_000).toFixed(2),
    growth: (hostile['8000']! / hostile['2000']!).toFixed(1),
  },
]);
