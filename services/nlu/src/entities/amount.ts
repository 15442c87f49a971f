/** Amounts of money: ¥300, 300元, 三百块, 3块5, $20.50, 20 dollars. Normal form: number and ISO 4217 code. */
import { CHINESE_NUMERALS, parseNumber } from './chinese-number.js';
import { entitiesOf, type Entity, type Utterance } from './entity.js';

const CURRENCIES: Readonly<Record<string, string>> = {
  '¥': 'CNY', '￥': 'CNY', 元: 'CNY', 块: 'CNY', 人民币: 'CNY', rmb: 'CNY', cny: 'CNY', yuan: 'CNY',
  $: 'USD', 美元: 'USD', 美金: 'USD', 刀: 'USD', usd: 'USD', dollar: 'USD', buck: 'USD',
  '€': 'EUR', 欧元: 'EUR', eur: 'EUR', euro: 'EUR', '£': 'GBP', 英镑: 'GBP', gbp: 'GBP', pound: 'GBP',
  港币: 'HKD', 港元: 'HKD', hkd: 'HKD', 日元: 'JPY', jpy: 'JPY', yen: 'JPY',
}; // prettier-ignore

const NUMBER = String.raw`(?<![\d.,a-z-])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|(?<![\d.,a-z-])\d{1,9}(?:\.\d{1,2})?`;
const SYMBOL_FIRST = new RegExp(
  `([¥￥$€£]|rmb|cny|usd|eur|gbp|hkd) ?(\\d[\\d,]{0,14}(?:\\.\\d{1,2})?)([万千k](?![a-z]))?`,
  'g',
);
const UNIT_LAST = new RegExp(
  `(${NUMBER}|[${CHINESE_NUMERALS}]{1,12})([万千k])? ?(元|块钱?|人民币|美元|美金|刀|欧元|英镑|港[币元]|日元|rmb|cny|yuan|usd|dollars?|bucks?|eur|euros?|gbp|pounds?|hkd|jpy|yen)(?![a-z])(?:([\\d${CHINESE_NUMERALS}])(?:[毛角]|(?![\\d${CHINESE_NUMERALS}个件天月年日号])))?`,
  'g',
);
const SCALE: Readonly<Record<string, number>> = { 万: 10_000, 千: 1_000, k: 1_000 };

export function findAmounts(utterance: Utterance): Entity[] {
  const { folded } = utterance;
  if (!/[¥￥$€£元块币刀金镑]|rmb|cny|yuan|usd|dollar|buck|eur|gbp|pound|hkd|jpy|yen/.test(folded)) return [];
  const first = entitiesOf('amount', utterance, SYMBOL_FIRST, ([, symbol, digits, scale]) =>
    amount(digits!.replaceAll(',', ''), scale, CURRENCIES[symbol!]),
  );
  const last = entitiesOf('amount', utterance, UNIT_LAST, (match) => {
    const [whole, number, scale, unit, tenths] = match;
    const next = folded.slice(match.index + whole.length, match.index + whole.length + 1);
    if (unit === '块' && !tenths && isPieces(number!, next)) return undefined;
    const currency = CURRENCIES[unit!] ?? CURRENCIES[unit!.replace(/钱$|s$/, '')];
    return amount(number!.replaceAll(',', ''), scale, currency, tenths);
  });
  return [...first, ...last];
}

/** 块 also counts pieces (三块蛋糕) and means "together" (一块去): a few of something that is named right after. */
function isPieces(number: string, next: string): boolean {
  const value = parseNumber(number);
  return (
    value !== undefined &&
    value < 10 &&
    (value === 1 || /[\p{Script=Han}--[的吧吗呢了啊多运邮包]]/v.test(next))
  );
}

function amount(number: string, scale: string | undefined, currency: string | undefined, tenths = '0') {
  const value = parseNumber(number);
  if (value === undefined || currency === undefined) return undefined;
  const exact = value * (SCALE[scale ?? ''] ?? 1) + (parseNumber(tenths) ?? 0) / 10;
  return `${Math.round(exact * 100) / 100} ${currency}`;
}
