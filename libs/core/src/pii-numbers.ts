/**
 * The numbers that identify a person: phones, Chinese resident identity numbers, bank cards, social security numbers. A
 * run of digits counts only by its shape, its check digit and the words around it: 32 characters before, 12 after.
 */
import { isResidentId, looksLikeOldResidentId, passesLuhn } from './check-digits.js';
import { eachDigitRun, type DigitRun } from './digit-groups.js';
import type { PiiType } from './pii-span.js';

/** A span of the folded text. */
export interface FoundNumber {
  readonly type: PiiType;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What stands right before a number. */
interface Lead {
  readonly plus: boolean;
  readonly phoneWord: boolean;
  readonly cardWord: boolean;
  readonly idWord: boolean;
  readonly securityWord: boolean;
  /** "order no.", "运单号", "¥": not a person's number, unless its check digits say so. */
  readonly reference: boolean;
}

interface Candidate extends DigitRun {
  readonly lead: Lead;
  readonly after: string;
}

/** Phones, identity numbers and bank cards, in order, of a folded text. */
export function findNumbers(folded: string): FoundNumber[] {
  const found: FoundNumber[] = [];
  let lead: { start: number; read: Lead | undefined } | undefined;
  eachDigitRun(folded, (run) => {
    if (lead?.start !== run.start) lead = { start: run.start, read: readLead(folded, run.start) };
    if (!lead.read) return false;
    const after = folded.slice(run.end, run.end + 12);
    const match = classify({ ...run, lead: lead.read, after });
    if (!match) return false;
    const start = match.value.startsWith('+') ? run.start - 1 : run.start;
    const rest = match.value.endsWith('X')
      ? 1
      : match.type === 'phone'
        ? (EXTENSION.exec(after)?.[0].length ?? 0)
        : 0;
    found.push({ ...match, start, end: run.end + rest });
    return true;
  });
  return found;
}

const EXTENSION = /^ ?(?:x|ext\.?|转|分机) ?\d{1,6}(?!\d)/;
const LINK = String.raw`(?:[\s:;#('"=.,\-是为在到至+]|号码?|numbers?|no\.|id|is|was|are|at|on|to|me|us|him|her|them|back)*$`;
const after = (words: string) => new RegExp(`(?:${words})${LINK}`);
const AFTER_PHONE_WORD = after(
  '电话|手机|座机|固话|联系方式|联系|致电|拨打|传真|本机|(?<![a-z])(?:tel|telephone|phone|mobile|mob|cell|fax|desk|whatsapp|call|ring|reach|text|dial|contact|answering|messages|registered|my number|office|home|work|ph)',
);
const AFTER_CARD_WORD = after(
  '银行卡|信用卡|储蓄卡|借记卡|卡|账号|账户|帐号|card|cc|account|visa|mastercard|amex',
);
const AFTER_ID_WORD = after('身份证|证件|identity card|id card|resident id');
const AFTER_SECURITY_WORD = after('(?<![a-z])ssn|social security|itin');
const AFTER_REFERENCE_WORD = after(
  '订单|运单|快递单|工单|货单|单号|编号|编码|货号|条码|批次|批号|流水|型号|序列|优惠码|兑换码|验证码|发票|商品|order|tracking|parcel|invoice|item|ticket|reference|sku|model|serial|coupon|code|case|version|barcode|isbn|ean|upc',
);
const UNIT_AFTER = /^\s?(?:元|块|件|个|套|箱|台|吨|条|次|万|亿|rmb|usd|eur|%|pcs|units?\b)/;
const PHONE_WORD_AFTER = /^[\s,;(\\-]{0,2}(?:office|fax|mobile|home|cell|work|desk)(?![a-z])/;
const CURRENCY_BEFORE = /[¥￥$€£]\s?$/;
/** Letters, or letters and a dash, right before: the digits belong to a code such as SF0819… or X973-7673. */
const CODE_BEFORE = /[a-z][\w-]*#?$/;
const LABEL =
  /^(?:tel|telephone|phone|mobile|mob|cell|call|ph|fax|t|m|p|no|is|at|on|to|me|wx|vx|whatsapp|wechat|card|cc|id|ssn|visa)$/;

/** Undefined where the digits are part of a code. */
function readLead(folded: string, start: number): Lead | undefined {
  const before = folded.slice(Math.max(0, start - 32), start);
  const word = CODE_BEFORE.exec(before)?.[0].replace(/[-_#]+$/, '');
  if (word !== undefined && !LABEL.test(word)) return undefined;
  return {
    plus: before.endsWith('+'),
    phoneWord: AFTER_PHONE_WORD.test(before),
    cardWord: AFTER_CARD_WORD.test(before),
    idWord: AFTER_ID_WORD.test(before),
    securityWord: AFTER_SECURITY_WORD.test(before),
    reference: AFTER_REFERENCE_WORD.test(before) || CURRENCY_BEFORE.test(before),
  };
}

function classify(candidate: Candidate): { type: PiiType; value: string } | undefined {
  const { digits, lead, after } = candidate;
  const id = digits.length === 17 && after.startsWith('x') ? `${digits}X` : digits;
  if (isResidentId(id) || (lead.idWord && looksLikeOldResidentId(id)))
    return { type: 'id_number', value: id };
  if (lead.reference || UNIT_AFTER.test(after)) return undefined;
  if (isBankCard(candidate)) return { type: 'bank_card', value: digits };
  if (isSocialSecurity(candidate)) return { type: 'ssn', value: digits };
  if (lead.plus) return isInternationalPhone(digits) ? { type: 'phone', value: `+${digits}` } : undefined;
  return isPhone(candidate) ? { type: 'phone', value: digits } : undefined;
}

/** Issuers by length (ISO/IEC 7812): UnionPay and Chinese banks, Visa, Mastercard, Amex, JCB, Discover, Diners. */
const ISSUER =
  /^(?:(?:62|81)\d{14,17}|955[89]\d{15}|4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11})$/;

function isBankCard({ digits, lead }: Candidate): boolean {
  return digits.length >= 12 && (lead.cardWord || ISSUER.test(digits)) && passesLuhn(digits);
}

/** Area, group, serial, none of them zero (US Social Security Administration); 9xx is a taxpayer's number. */
function isSocialSecurity({ digits, lengths, lead }: Candidate): boolean {
  if (!/^(?!000|666)\d{3}(?!00)\d\d(?!0000)\d{4}$/.test(digits)) return false;
  return lead.securityWord || (!digits.startsWith('9') && !lead.phoneWord && lengths.join() === '3,2,4');
}

const CN_MOBILE = /^(?:0086|86)?1[3-9]\d{9}$/;
const CN_LANDLINE = /^(?:0086|86)?0?(?:10|2\d)[2-8]\d{7}$|^(?:0086|86)?0?[3-9]\d\d[2-8]\d{6,7}$/;
const NORTH_AMERICAN = /^1?[2-9]\d\d[2-9]\d{6}$/;
const BRITISH_MOBILE = /^07[1-9]\d{8}$/;
/** A trunk prefix or an international one, and enough digits behind it. */
const WITH_PREFIX = /^(?:0[1-9]\d{7,9}|00[1-9]\d{8,12})$/;
/** Hotlines belong to companies: 400 and 800 in China, the toll-free codes of North America. */
const HOTLINE = /^1?(?:400|800|888|877|866|855|844|833)\d{7}$/;

/** E.164: country code and number, at most 15 digits. */
function isInternationalPhone(digits: string): boolean {
  if (digits.startsWith('86')) return CN_MOBILE.test(digits) || CN_LANDLINE.test(digits);
  if (digits.startsWith('1')) return digits.length === 11;
  return digits.length >= 8 && digits.length <= 15;
}

function isPhone({ digits, lengths, lead, after }: Candidate): boolean {
  if (CN_MOBILE.test(digits) && isGroupedAsMobile(digits, lengths)) return true;
  if (HOTLINE.test(digits)) return false;
  if (digits.startsWith('0') && CN_LANDLINE.test(digits) && lengths.length <= 3) return true;
  if (BRITISH_MOBILE.test(digits)) return true;
  if (NORTH_AMERICAN.test(digits) && /^(?:1,)?3,3,4$/.test(lengths.join())) return true;
  // Not the beginning of a longer number which was found to be none, such as a hotline's.
  if (/^[-. ]?\d/.test(after)) return false;
  if (lead.phoneWord || (lengths.length > 1 && PHONE_WORD_AFTER.test(after))) return digits.length <= 15;
  return (
    WITH_PREFIX.test(digits) && lengths.length >= 3 && lengths.length <= 5 && !holdsYear(digits, lengths)
  );
}

/** 138 0013 8000, or digit by digit; four groups of up to three digits are an IP address. */
function isGroupedAsMobile(digits: string, lengths: readonly number[]): boolean {
  const groups = digits.length > 11 && lengths[0]! <= 4 ? lengths.slice(1) : lengths;
  return (
    (groups.length <= 3 && groups.every((length) => length >= 3)) || groups.every((length) => length === 1)
  );
}

/** A group such as 2026 makes it a date: 03.05.2026 10. */
function holdsYear(digits: string, lengths: readonly number[]): boolean {
  let from = 0;
  return lengths.some((length) => {
    const group = digits.slice(from, (from += length));
    return /^(?:19|20)\d\d$/.test(group);
  });
}
