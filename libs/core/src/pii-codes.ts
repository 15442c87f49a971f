/**
 * What identifies a person or a machine by letters and digits: e-mail and IP addresses, IBANs, passports, driver's
 * licences, number plates, accounts of messengers. Each pattern is bounded, so time stays linear.
 */
import { ibanLength, passesMod97 } from './check-digits.js';
import type { FoundCode, PiiType } from './pii-span.js';
import type { PlainText } from './plain-text.js';

export function findCodes({ cased, folded }: PlainText): FoundCode[] {
  const found = [...findEmails(folded), ...findMessengers(folded), ...findPlates(cased)];
  if (!/\d/.test(folded)) return found;
  found.push(...findIpAddresses(folded), ...findIbans(folded));
  if (/护照|通行证|passport/.test(folded)) found.push(...labelled('passport', folded, PASSPORT));
  if (/驾驶证|驾照|licen[cs]e/.test(folded))
    found.push(...labelled('driver_license', folded, DRIVER_LICENSE));
  return found;
}

/** RFC 5321 section 4.5.3.1: 64 octets before the @, 255 after. */
const LOCAL_PART = /[a-z0-9._%+-]{1,64}$/;
const DOMAIN = /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/;

function findEmails(folded: string): FoundCode[] {
  const found: FoundCode[] = [];
  let floor = 0;
  for (let at = folded.indexOf('@'); at >= 0; at = folded.indexOf('@', at + 1)) {
    const before = LOCAL_PART.exec(folded.slice(Math.max(floor, at - 64), at))?.[0];
    const local = before?.replace(/^[.%+-]+/, '');
    const domain = DOMAIN.exec(folded.slice(at + 1, at + 256))?.[0];
    if (!local || !domain) continue;
    floor = at + 1 + domain.length;
    found.push({ type: 'email', start: at - local.length, end: floor, value: `${local}@${domain}` });
  }
  return found;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`(?<![\\d.a-z-])(?:${OCTET}\\.){3}${OCTET}(?![\\d-]|\\.\\d)`, 'g');
/** RFC 4291: up to eight groups of four hexadecimal digits, "::" once for the zeros. */
const IPV6 =
  /(?<![0-9a-z:])(?=[0-9a-f:]*\d)(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4})(?::?[0-9a-f]{1,4}){0,5}(?![0-9a-z:])/g;
/** RFC 1918, 1122, 3927: addresses which many networks use identify nobody, unless somebody says that they do. */
const PRIVATE = /^(?:10\.|127\.|0\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/;
const AFTER_IP_WORD = /(?:ip|ipv[46]|ip address|ip ?地址)[\s:是为]*(?:is )?$/;
const AFTER_VERSION = /(?:version|ver|v|版本|固件|firmware|build)[\s:号是为]*$/;

function findIpAddresses(folded: string): FoundCode[] {
  const found: FoundCode[] = [];
  for (const { 0: value, index: start } of folded.matchAll(IPV4)) {
    const before = folded.slice(Math.max(0, start - 16), start);
    if (AFTER_VERSION.test(before) || (PRIVATE.test(value) && !AFTER_IP_WORD.test(before))) continue;
    found.push({ type: 'ip_address', value, start, end: start + value.length });
  }
  if (!folded.includes(':')) return found;
  for (const { 0: value, index: start } of folded.matchAll(IPV6)) {
    const groups = value.split(':').length;
    if (value.includes('::') ? value.length < 6 || /^\d\d?::/.test(value) : groups !== 8) continue;
    found.push({ type: 'ip_address', value, start, end: start + value.length });
  }
  return found;
}

const IBAN = /(?<![a-z0-9])[a-z]{2}[ -]?\d\d(?:[ -]?[a-z0-9]){11,32}/g;

function findIbans(folded: string): FoundCode[] {
  const found: FoundCode[] = [];
  for (const { 0: match, index: start } of folded.matchAll(IBAN)) {
    const length = ibanLength(match) ?? 0;
    let units = 0;
    let end = 0;
    while (end < match.length && units < length) if (/[a-z0-9]/.test(match[end++]!)) units++;
    const value = match.slice(0, end).replace(/[ -]/g, '');
    if (units < length || length === 0 || /^[a-z0-9]/.test(folded.slice(start + end)) || !passesMod97(value))
      continue;
    found.push({ type: 'iban', value: value.toUpperCase(), start, end: start + end });
  }
  return found;
}

const IS = String.raw`(?:[\s:#'"=,.\-是为改成了]|号码?|numbers?|no\.|is|was|id){0,6}`;
const CODE = String.raw`(?<value>[a-z0-9](?:[ -]?[a-z0-9]){4,14})(?![a-z0-9])`;
const PASSPORT = new RegExp(`(?:护照|通行证|passport)${IS}(?:护照)?${CODE}`, 'g');
const DRIVER_LICENSE = new RegExp(
  `(?:驾驶证|驾照|driver'?s? ?(?:'s )?licen[cs]e|driving licen[cs]e)${IS}${CODE}`,
  'g',
);

/** What follows a word that says what it is: five digits or more, up to the first word without a digit. */
function labelled(type: PiiType, folded: string, pattern: RegExp): FoundCode[] {
  const found: FoundCode[] = [];
  for (const match of folded.matchAll(pattern)) {
    const code = /^(?:[a-z]{0,3}[ -]?)?[a-z]?\d[a-z0-9]*(?:[ -][a-z]?\d[a-z0-9]*)*/.exec(
      match.groups!['value']!,
    )?.[0];
    if (!code || code.replace(/\D/g, '').length < 5) continue;
    const start = match.index + match[0].length - match.groups!['value']!.length;
    found.push({ type, value: code.replace(/[ -]/g, '').toUpperCase(), start, end: start + code.length });
  }
  return found;
}

/** GA 36-2018: province, authority, five units, six for new energy; without I and O but in the embassy's. */
const PLATE =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])([A-HJ-Za-hj-z])([ ·.•-]?)([A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])/g;
const ENGLISH_PLATE =
  /(?:licen[cs]e plate|number plate|plate number|plates?)(?:[\s:#]|number|no\.?|is){0,6}(?<plate>(?=[A-Z]{0,4}[ -]?\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,2})(?![A-Za-z0-9])/g;

function findPlates(cased: string): FoundCode[] {
  const found: FoundCode[] = [];
  for (const { 0: match, 1: province, 2: authority, 3: dot, 4: number, index: start } of cased.matchAll(
    PLATE,
  )) {
    const called = /车牌|牌照|牌号/.test(cased.slice(Math.max(0, start - 8), start));
    // 新 and 云 are words too: 新AIRPODS2 is no plate.
    const sure = dot !== '' || (/\d/.test(number!) && !/[新云宁青]/.test(province!));
    if (!called && !sure) continue;
    const value = `${province}${authority}${number}`.toUpperCase();
    found.push({ type: 'plate', value, start, end: start + match.length });
  }
  if (!cased.includes('plate')) return found;
  for (const { 0: match, groups, index } of cased.matchAll(ENGLISH_PLATE)) {
    const plate = groups!['plate']!;
    const end = index + match.length;
    found.push({ type: 'plate', value: plate.replace(/[ -]/g, ''), start: end - plate.length, end });
  }
  return found;
}

const MESSENGER =
  /(?:微信号?|(?<![a-z])(?:wechat|weixin|vx|wx|v信|qq|telegram|skype|line id))(?:[\s:@是为]|号码?|id|is|number){0,6}(?<value>[a-z0-9][a-z0-9_-]{4,29})(?![a-z0-9_-]|\.[a-z])/g;
const WECHAT_ID = /(?<![a-z0-9_-])(?:wx_|wxid_)[a-z0-9_-]{3,20}(?![a-z0-9_-])/g;

/** Accounts have a digit or an underscore; a word without is taken for one only after "id" or "号". */
function findMessengers(folded: string): FoundCode[] {
  const found: FoundCode[] = [];
  if (!/微信|wechat|weixin|vx|wx|v信|qq|telegram|skype|line id/.test(folded)) return found;
  for (const { 0: value, index: start } of folded.matchAll(WECHAT_ID)) {
    found.push({ type: 'messenger', value, start, end: start + value.length });
  }
  for (const { 0: match, groups, index } of folded.matchAll(MESSENGER)) {
    const value = groups!['value']!;
    const end = index + match.length;
    // A phone that opens somebody's WeChat stays a phone.
    if (/^1[3-9]\d{9}$/.test(value)) continue;
    const label = match.slice(0, -value.length);
    if (!/[\d_]/.test(value) && !/(?:号|id)[码\s:是为is]*$/.test(label)) continue;
    found.push({ type: 'messenger', value, start: end - value.length, end });
  }
  return found;
}
