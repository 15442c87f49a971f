/**
 * The numbers that identify a person: phones, Chinese resident identity numbers, bank cards. Digits are gathered into
 * groups, neighbouring groups are read as one number, longest first, and a number counts only by its shape, its check
 * digit and the words around it. At most 19 digits and 24 characters before are looked at, so time stays linear.
 */
import { foldWidth } from './fold-width.js';
import type { PiiSpan } from './pii.js';

/** Digits written together; people split one number into several groups ("138 0013 8000"). */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly chinese: boolean;
  /** At most three separators stand between this group and the one before. */
  readonly follows: boolean;
}

/** What stands right before a number, read once for all numbers that may begin there. */
interface Lead {
  readonly plus: boolean;
  readonly phoneWord: boolean;
  readonly cardWord: boolean;
  /** "order no.", "运单号", "¥": not a person's number, unless its check digits say so. */
  readonly reference: boolean;
}

/** Neighbouring groups read as one number. */
interface Candidate {
  readonly digits: string;
  readonly lengths: readonly number[];
  readonly lead: Lead;
  /** Up to 3 folded characters after it. */
  readonly after: string;
}

const SHORTEST_NUMBER = 7;
const LONGEST_NUMBER = 19;
const CHINESE_DIGITS = '〇一二三四五六七八九';
const SEPARATOR = /[\s().·•\-‐‑‒–—－（）\u200b\u200c\u200d\ufeff]/;

/** Phones, identity numbers and bank cards, in order. Mails and their digits are the caller's to take out. */
export function findNumbers(text: string): PiiSpan[] {
  const groups = digitGroups(text);
  const spans: PiiSpan[] = [];
  for (let i = 0; i < groups.length;) {
    const found = longestNumberFrom(groups, i, text);
    if (found) spans.push(found.span);
    i = found ? found.next : i + 1;
  }
  return spans;
}

function longestNumberFrom(groups: readonly Group[], first: number, text: string) {
  const head = groups[first]!;
  const joins = joinsFrom(groups, first);
  if (joins.length === 0) return undefined;
  const before = foldWidth(text.slice(Math.max(0, head.start - 24), head.start));
  if (isPartOfCode(before)) return undefined;

  const lead = readLead(before);
  for (const { last, digits } of joins.reverse()) {
    const end = groups[last]!.end;
    const lengths = groups.slice(first, last + 1).map((group) => group.digits.length);
    const match = classify({ digits, lengths, lead, after: foldWidth(text.slice(end, end + 3)) });
    if (!match) continue;
    const start = match.value.startsWith('+') ? head.start - 1 : head.start;
    const checkLetter = match.value.endsWith('X') ? 1 : 0;
    return { span: { ...match, start, end: end + checkLetter }, next: last + 1 };
  }
  return undefined;
}

/** Every way to read on from a group which is long enough to be a number, shortest first. */
function joinsFrom(groups: readonly Group[], first: number): { last: number; digits: string }[] {
  const joins = [];
  let digits = '';
  for (let last = first; last < groups.length; last++) {
    const group = groups[last]!;
    if (last > first && (!group.follows || group.chinese !== groups[first]!.chinese)) break;
    if (digits.length + group.digits.length > LONGEST_NUMBER) break;
    digits += group.digits;
    if (digits.length >= SHORTEST_NUMBER) joins.push({ last, digits });
  }
  return joins;
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
    const chinese = isChineseDigit(text, i);
    let digits = '';
    for (; i < text.length && digitAt(text, i) >= 0 && isChineseDigit(text, i) === chinese; i++) {
      if (digits.length <= LONGEST_NUMBER) digits += digitAt(text, i);
    }
    groups.push({
      start,
      end: i,
      digits,
      chinese,
      follows: previousEnd >= 0 && onlySeparators(text, previousEnd, start),
    });
    previousEnd = i;
  }
  return groups;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0xff10 && code <= 0xff19) return code - 0xff10;
  if (code < 0x3007 || code > 0x96f6) return -1;
  const character = text[index]!;
  if (character === '零') return 0;
  if (character === '幺') return 1;
  return CHINESE_DIGITS.indexOf(character);
}

function isChineseDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x3007 && code < 0xff00;
}

function onlySeparators(text: string, from: number, to: number): boolean {
  if (to - from > 3) return false;
  for (let i = from; i < to; i++) if (!SEPARATOR.test(text[i]!)) return false;
  return true;
}

const LINK = String.raw`(?:[\s:#('"=是为]|号码?|numbers?|no\.|is|at|on|\+)*$`;
const AFTER_PHONE_WORD = new RegExp(
  `(?:电话|手机|座机|固话|联系方式|联系|致电|拨打|tel|phone|mobile|cell|whatsapp|call me|reach me|text me|contact)${LINK}`,
);
const AFTER_CARD_WORD = new RegExp(`(?:银行卡|信用卡|储蓄卡|卡|card|cc)${LINK}`);
const AFTER_REFERENCE_WORD = new RegExp(
  `(?:订单|单|编|货|工单|流水|order|tracking|parcel|invoice|item|ticket|reference|sku)${LINK}`,
);
const UNIT_AFTER = /^\s?(?:元|块|件|个|rmb|usd|%)/;
const CURRENCY_BEFORE = /[¥￥$€£]\s?$/;
/** Letters, or letters and a dash, right before: the digits belong to a code such as SF0819… or X973-7673. */
const CODE_BEFORE = /[a-z][\w-]*#?$/;
const LABEL = /^(?:tel|phone|mobile|mob|cell|call|ph|t|m|p|no|is|at|on|wx|vx|whatsapp|wechat|card|id)$/;

function isPartOfCode(before: string): boolean {
  const word = CODE_BEFORE.exec(before)?.[0].replace(/[-_#]+$/, '');
  return word !== undefined && !LABEL.test(word);
}

function readLead(before: string): Lead {
  return {
    plus: before.endsWith('+'),
    phoneWord: AFTER_PHONE_WORD.test(before),
    cardWord: AFTER_CARD_WORD.test(before),
    reference: AFTER_REFERENCE_WORD.test(before) || CURRENCY_BEFORE.test(before),
  };
}

function classify(candidate: Candidate): Pick<PiiSpan, 'type' | 'value'> | undefined {
  const { digits, lead, after } = candidate;
  const id = digits.length === 17 && after.startsWith('x') ? `${digits}X` : digits;
  if (id.length === 18 && isResidentId(id)) return { type: 'id_number', value: id };
  if (lead.reference || UNIT_AFTER.test(after)) return undefined;
  if (isBankCard(candidate)) return { type: 'bank_card', value: digits };
  if (lead.plus) return isInternationalPhone(digits) ? { type: 'phone', value: `+${digits}` } : undefined;
  return isPhone(candidate) ? { type: 'phone', value: digits } : undefined;
}

/** GB 11643-1999: region, date of birth, sequence, ISO 7064 MOD 11-2 check character. */
function isResidentId(id: string): boolean {
  const region = Number(id.slice(0, 2));
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))];
  if (
    region < 11 ||
    region > 82 ||
    year < 1900 ||
    year > 2099 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 31
  ) {
    return false;
  }
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(id[i]) * (2 ** (17 - i) % 11);
  return '10X98765432'[sum % 11] === id[17];
}

/** Issuer prefixes by length (ISO/IEC 7812): UnionPay, Visa, Mastercard, Amex, JCB, Discover, Diners. */
const ISSUER =
  /^(?:62\d{14,17}|4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11})$/;

function isBankCard({ digits, lead }: Candidate): boolean {
  return digits.length >= 12 && (lead.cardWord || ISSUER.test(digits)) && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const CN_MOBILE = /^(?:0086|86)?1[3-9]\d{9}$/;
const CN_LANDLINE = /^(?:0086|86)?0?(?:10|2\d)[2-8]\d{7}$|^(?:0086|86)?0?[3-9]\d\d[2-8]\d{6,7}$/;
const NORTH_AMERICAN = /^1?[2-9]\d\d[2-9]\d{6}$/;
/** Hotlines belong to companies: 400 and 800 in China, the toll-free codes of North America. */
const HOTLINE = /^1?(?:400|800|888|877|866|855|844|833)\d{7}$/;

/** E.164: country code and number, at most 15 digits. */
function isInternationalPhone(digits: string): boolean {
  if (digits.startsWith('86')) return CN_MOBILE.test(digits) || CN_LANDLINE.test(digits);
  if (digits.startsWith('1')) return digits.length === 11;
  return digits.length >= 8 && digits.length <= 15;
}

function isPhone({ digits, lengths, lead }: Candidate): boolean {
  if (CN_MOBILE.test(digits) && isGroupedAsMobile(digits, lengths)) return true;
  if (HOTLINE.test(digits)) return false;
  if (digits.startsWith('0') && CN_LANDLINE.test(digits)) return lengths.length <= 3;
  if (NORTH_AMERICAN.test(digits) && /^(?:1,)?3,3,4$/.test(lengths.join(','))) return true;
  return lead.phoneWord && digits.length <= 12;
}

/** 138 0013 8000, or digit by digit; four groups of up to three digits are an IP address. */
function isGroupedAsMobile(digits: string, lengths: readonly number[]): boolean {
  const groups = digits.length > 11 && lengths[0]! <= 4 ? lengths.slice(1) : lengths;
  return (
    (groups.length <= 3 && groups.every((length) => length >= 3)) || groups.every((length) => length === 1)
  );
}
