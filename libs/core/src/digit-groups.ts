/**
 * Digits as people write them: in groups ("138 0013 8000"), one by one, in Chinese numerals (一三八…), with a letter O
 * for a zero. Neighbouring groups are offered as one number, every way from 7 to 19 digits, so that time stays linear.
 */

/** Digits written together. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly chinese: boolean;
  /** At most three separators stand between this group and the one before. */
  readonly follows: boolean;
}

/** Neighbouring groups read as one number. */
export interface DigitRun {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Digits per group. */
  readonly lengths: readonly number[];
}

const SHORTEST = 7;
const LONGEST = 19;
const CHINESE_DIGITS: Readonly<Record<string, number>> = {
  〇: 0, 零: 0, 洞: 0, 一: 1, 幺: 1, 壹: 1, 二: 2, 两: 2, 贰: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5, 六: 6, 陆: 6,
  七: 7, 拐: 7, 柒: 7, 八: 8, 捌: 8, 九: 9, 勾: 9, 玖: 9,
}; // prettier-ignore
const SEPARATOR = /[\s().·•_/ー-]/;

/**
 * For every group that can begin a number, the runs from it, likeliest first: longest first, and Chinese numerals next
 * to other digits last ("统一13800138000一直"). `take` returns true for a run it keeps; the search goes on behind it.
 */
export function eachDigitRun(folded: string, take: (run: DigitRun) => boolean): void {
  const groups = digitGroups(straightened(folded));
  for (let i = 0; i < groups.length;) {
    const found = runsFrom(groups, i).find(({ run }) => take(run));
    i = found ? found.next : i + 1;
  }
}

/** "l38OO138OOO": letters that look like digits, inside a run that is mostly digits. */
const WITH_LETTERS = /(?<![a-z0-9])[0-9oilоο]{11,18}(?![a-z0-9])/g;

function straightened(folded: string): string {
  return folded.replace(WITH_LETTERS, (run) =>
    run.replace(/\D/g, '').length < 5 ? run : run.replace(/[oоο]/g, '0').replace(/[il]/g, '1'),
  );
}

interface Found {
  readonly run: DigitRun;
  /** The group to go on with, if it is kept. */
  readonly next: number;
}

function runsFrom(groups: readonly Group[], first: number): Found[] {
  const same: Found[] = [];
  const mixed: Found[] = [];
  const lengths: number[] = [];
  let digits = '';
  let isMixed = false;
  for (let last = first; last < groups.length; last++) {
    const group = groups[last]!;
    if (last > first && !group.follows) break;
    if (digits.length + group.digits.length > LONGEST) break;
    digits += group.digits;
    // Numerals of two kinds without a gap are one group: 138零零13.
    if (last > first && group.start === groups[last - 1]!.end)
      lengths.push(lengths.pop()! + group.digits.length);
    else lengths.push(group.digits.length);
    isMixed ||= group.chinese !== groups[first]!.chinese;
    if (digits.length < SHORTEST) continue;
    const found = {
      run: { start: groups[first]!.start, end: group.end, digits, lengths: [...lengths] },
      next: last + 1,
    };
    (isMixed ? mixed : same).push(found);
  }
  return [...same.reverse(), ...mixed.reverse()];
}

function digitGroups(text: string): Group[] {
  const groups: Group[] = [];
  let previousEnd = -1;
  for (let i = 0; i < text.length;) {
    if (digitAt(text, i) < 0) {
      i++;
      continue;
    }
    const start = i;
    const chinese = isChinese(text, i);
    let digits = '';
    for (; i < text.length && digitAt(text, i) >= 0 && isChinese(text, i) === chinese; i++) {
      if (digits.length <= LONGEST) digits += digitAt(text, i);
    }
    const follows = previousEnd >= 0 && onlySeparators(text, previousEnd, start);
    groups.push({ start, end: i, digits, chinese, follows });
    previousEnd = i;
  }
  return groups;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code < 0x3007 || code > 0x96f6 ? -1 : (CHINESE_DIGITS[text[index]!] ?? -1);
}

function isChinese(text: string, index: number): boolean {
  return text.charCodeAt(index) > 0x39;
}

function onlySeparators(text: string, from: number, to: number): boolean {
  if (to - from > 3) return false;
  for (let i = from; i < to; i++) if (!SEPARATOR.test(text[i]!)) return false;
  return true;
}
