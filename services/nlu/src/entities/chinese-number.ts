/** Numbers in Chinese characters: 三百二十, 两千五, 一万二, 二〇二六. */

/** The characters a number may be written with, for use inside a character class. */
export const CHINESE_NUMERALS = '零〇一二两三四五六七八九十百千万';

const DIGITS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9,
}; // prettier-ignore
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };

/** The value of `text` in ASCII digits or Chinese numerals; undefined when it is no number. */
export function parseNumber(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (/^[零〇一二三四五六七八九]{2,}$/.test(text)) return Number([...text].map((c) => DIGITS[c]).join(''));
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  let lastUnit = 1;
  for (const character of text) {
    const unit = UNITS[character];
    if (character in DIGITS) {
      if (digit !== undefined && digit !== 0) return undefined;
      digit = DIGITS[character]!;
      if (digit === 0) lastUnit = 1;
    } else if (character === '万') {
      total = (total + section + (digit ?? 0)) * 10_000;
      [section, digit, lastUnit] = [0, undefined, 10_000];
    } else if (unit !== undefined) {
      section += (digit ?? 1) * unit;
      [digit, lastUnit] = [undefined, unit];
    } else {
      return undefined;
    }
  }
  // A bare last digit counts in the next smaller unit: 两千五 is 2,500, but 二十五 is 25 and 两千零五 is 2,005.
  const tail = digit === undefined ? 0 : lastUnit > 10 ? (digit * lastUnit) / 10 : digit;
  return text === '' ? undefined : total + section + tail;
}
