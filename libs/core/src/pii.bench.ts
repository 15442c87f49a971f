/**
 * CPU time of findPii: per customer message against plain reading of the text, and its growth on texts made to be slow.
 * `npx tsc -b libs/core && node libs/core/src/pii.bench.ts`
 */
import { detectLanguage, findPii, plainText } from '../dist/index.js';

const messages = [
  '你好，订单A1001到哪了',
  '我的手机１３８ 0013 8000，寄到浙江省杭州市西湖区文三路68号12栋2单元',
  'where is my order? I paid $20.50 last Monday',
  'my name is Emma Watkins, call me on +44 20 7946 0018',
  '退款打到卡号6222 0227 5326 7584 821，户名王勇',
  'The keyboard I bought does not connect to my laptop, can I send it back?',
];

/** Texts that would be slow if any look-around had no bound. */
const hostile: Readonly<Record<string, (length: number) => string>> = {
  'one letter': (length) => 'a'.repeat(length),
  'one digit': (length) => '1'.repeat(length),
  'digits apart': (length) => '1 '.repeat(length / 2),
  'two kinds of numerals': (length) => '1一'.repeat(length / 2),
  'half a mail address': (length) => 'a@'.repeat(length / 2),
  'half an address': (length) => '路1号'.repeat(length / 3),
  'half a name': (length) => 'My name is A '.repeat(length / 13),
  'labels only': (length) => '护照号'.repeat(length / 3),
  'half an IPv6 address': (length) => 'a1:'.repeat(length / 3),
  'invisible only': (length) => '\u200b'.repeat(length),
  'lone surrogates': (length) => '\ud800'.repeat(length),
};

function leastMicroseconds(runs: readonly (() => void)[]): number[] {
  const best = runs.map(() => Infinity);
  for (let round = 0; round < 7; round++) {
    runs.forEach((run, i) => {
      const start = process.cpuUsage().user;
      run();
      best[i] = Math.min(best[i]!, process.cpuUsage().user - start);
    });
  }
  return best;
}

/** What is read is summed up, or the compiler leaves the reading out. */
let read = 0;
const each = (step: (text: string) => number) => () => {
  for (let i = 0; i < 2_000; i++) for (const message of messages) read += step(message);
};
const [pii, plain, language] = leastMicroseconds([
  each((text) => findPii(text).length),
  each((text) => plainText(text).folded.length),
  each((text) => detectLanguage(text).confidence),
]).map((total) => total / 2_000 / messages.length);
console.table({
  findPii: { 'CPU µs per message': pii!.toFixed(2), 'against plainText': (pii! / plain!).toFixed(1) },
  plainText: { 'CPU µs per message': plain!.toFixed(2), 'against plainText': '1.0' },
  detectLanguage: {
    'CPU µs per message': language!.toFixed(2),
    'against plainText': (language! / plain!).toFixed(1),
  },
});

console.log('CPU ms of findPii, and its growth when the text is four times as long (linear: 4)');
console.table(
  Object.fromEntries(
    Object.entries(hostile).map(([name, make]) => {
      const texts = [25_000, 100_000, 400_000].map(make);
      const [small, middle, large] = leastMicroseconds(
        texts.map((text) => () => {
          for (let i = 0; i < 4; i++) findPii(text);
        }),
      ).map((total) => total / 4);
      return [
        name,
        {
          '25 kB': (small! / 1_000).toFixed(2),
          '100 kB': (middle! / 1_000).toFixed(2),
          '400 kB': (large! / 1_000).toFixed(2),
          'growth ×4': (large! / middle!).toFixed(1),
        },
      ];
    }),
  ),
);
if (!Number.isFinite(read)) throw new Error('Nothing was read.');
