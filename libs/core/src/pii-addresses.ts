/**
 * Postal addresses: in Chinese from the province down to the room (浙江省杭州市西湖区文三路68号12栋2单元), in English
 * around a street with a number, an apartment, a post office box. The search starts at such an anchor and looks at most
 * 60 characters back and 120 ahead. A bare city or district is no address.
 */
import type { FoundCode } from './pii-span.js';
import type { PlainText } from './plain-text.js';

export function findAddresses({ cased, folded }: PlainText): FoundCode[] {
  const chinese = /[号室弄栋幢座层楼元院编]/.test(cased) ? findChineseAddresses(cased) : [];
  const english = /\d/.test(folded) && /[a-z]/.test(folded) ? findEnglishAddresses(cased) : [];
  return [...chinese, ...english];
}

const BACK = 60;
const NUMBER = '[\\d〇零一二三四五六七八九十百甲乙丙丁A-Za-z]';
const NUMBERS = `${NUMBER}{1,6}(?:[-之]${NUMBER}{1,5}){0,2}\\s?`;
const BUILDING = '号楼|号院|弄|栋|幢|座|单元|室';
/** A street with a number; 号 behind anything but a street may be a day of the month, and behind 地铁2 a line. */
const CHINESE_ANCHOR = new RegExp(
  `(?:路|街|(?<![知频渠报味通])道|巷|胡同)(?:[东南西北中]|[一二三四五六]段)?\\s?${NUMBERS}(?:${BUILDING}|号(?![线店机])|层)` +
    `|(?:小区|花园|公寓|大厦|广场|家园|新村|苑|村|里|园|庭|府|湾|城|中心|组|期|区)\\s?${NUMBERS}(?:${BUILDING})`,
  'g',
);
/** What may follow: a named estate, its buildings and floors, a bare number of a room. */
const CHINESE_REST = new RegExp(
  `(?:[\\s,-]?(?:[一-龥]{0,8}?(?:小区|花园|大厦|公寓|广场|家园|苑|中心|宿舍))?[\\s,-]?${NUMBERS}(?:${BUILDING}|号|层|楼|户|房|塔)|(?<=[座栋幢楼元号层塔])[\\s-]?\\d{2,5}(?![\\d年月日元-]))*`,
  'y',
);
const PROVINCE =
  /北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门/;
const BEFORE_ADDRESS =
  /地址|寄往|送往|改成|改为|换成|位于|寄给|收货地|我家|我们|[是为在到至住:;。!！?？、"“()]|(?<![省市区县镇乡村路盟州])[\s,，]/g;
const CHINESE_POSTCODE = /(?:邮编|邮政编码)(?:[\s:]|是){0,3}(?<value>\d{6})(?!\d)/g;

function findChineseAddresses(cased: string): FoundCode[] {
  const found: FoundCode[] = [];
  let floor = 0;
  for (const { 0: anchor, index } of cased.matchAll(CHINESE_ANCHOR)) {
    if (index < floor) continue;
    const back = Math.max(floor, index - BACK);
    const start = back + startOfChinese(cased.slice(back, index));
    if (start === index) continue;
    CHINESE_REST.lastIndex = index + anchor.length;
    const end = index + anchor.length + CHINESE_REST.exec(cased)![0].length;
    found.push({ type: 'address', value: cased.slice(start, end), start, end });
    floor = end;
  }
  return [...found, ...valuesOf(cased, CHINESE_POSTCODE)];
}

function startOfChinese(before: string): number {
  let start = 0;
  for (const { 0: word, index } of before.matchAll(BEFORE_ADDRESS)) start = index + word.length;
  const province = PROVINCE.exec(before.slice(start));
  return province ? start + province.index : start;
}

const SUFFIX =
  'Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Squares|Sq|Terrace|Way|Parkway|Pkwy|Circle|Cir|Highway|Hwy|Close|Crescent|Row|Trail|Route|Gardens|Grove|Mews|Quay|Walk';
const SMALL_SUFFIX =
  'street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|court|square|terrace|parkway|crescent';
const NOT_STREET =
  '(?!(?:the|on|of|in|a|an|to|at|my|your|this|from|and|or|for|with|items?|days?|times?|hours?)\\b)';
const STREET = String.raw`(?<![\d.$€£-])\d{1,6}[A-Za-z]?,? (?:(?:(?:\d{1,3}(?:st|nd|rd|th)?|\p{Lu}[\p{L}'’.-]{0,20}) ){1,4}(?:${SUFFIX})|(?:${NOT_STREET}[\p{L}'-]{2,20} ){1,3}(?:${SMALL_SUFFIX}))(?![\p{L}\p{N}])\.?`;
const ROOM = String.raw`(?:Apt|Apartment|Suite|Ste|Flat|apt|apartment|suite|APT|SUITE)\.? ?#?\d{1,5}[A-Za-z]?(?![\p{L}\p{N}])`;
const BOX = String.raw`(?:P\.? ?O\.? ?Box|PO BOX|p\.?o\.? box|PSC \d{1,5},? Box|CMR \d{1,5},? Box) ?#?\d{1,6}`;
const ENGLISH_ANCHOR = new RegExp(`${STREET}|${ROOM}|${BOX}`, 'gu');
/** The number and street before an apartment, where no known kind of street stands between. */
const BEFORE_ROOM = /(?<![\p{L}\d#])\d{1,6}[A-Za-z]? [^\n.?!:;@]{2,50}\n?\s{0,5}$/u;
const PLACE = String.raw`[,\s]{1,6}(?!Please|I |My |The |Can |Could |And )[\p{Lu}][\p{L}.'()-]{0,20}(?: [\p{Lu}(][\p{L}.'()-]{0,20}){0,2}`;
const ENGLISH_REST = new RegExp(
  `(?:,?\\s{0,5}(?:${ROOM}))?(?:(?:${PLACE}){0,3}[,\\s]{1,6}(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}|\\d{4,6}(?:-\\d{3,4})?)(?!\\d)|(?:,${PLACE}){0,3})?`,
  'uy',
);
const POSTCODE =
  /(?:[Zz]ip|ZIP|[Pp]ostal|[Pp]ost)(?: ?[Cc]ode)?(?: is|:| ?#)?\s{1,2}(?<value>(?=[A-Za-z]{0,2}\d)[A-Za-z\d]{2,6}(?:[ -]\d[A-Za-z\d]{1,3})?)(?![A-Za-z\d])/g;
/** What follows "my address is" or "lives at" up to the end of the sentence, where a number is in it. */
const TOLD =
  /\b(?:[Aa]ddress(?: of [\p{L} ]{2,30})?(?: is| to|:| with| as){1,2}|(?:lives?|living|located|resides?) at)\s{1,3}(?<value>(?=[^\n?!]{0,60}\d)[\p{Lu}\d][^?!;\n@]{5,90}?)(?=$|[.?!;\n]|\s(?:for|please|instead|and|as|because|from)\s)/gu;

function findEnglishAddresses(cased: string): FoundCode[] {
  const found: FoundCode[] = [];
  let floor = 0;
  for (const { 0: anchor, index } of cased.matchAll(ENGLISH_ANCHOR)) {
    if (index < floor) continue;
    const before = cased.slice(Math.max(floor, index - BACK), index);
    const start = index - (/^\d/.test(anchor) ? 0 : (BEFORE_ROOM.exec(before)?.[0].length ?? 0));
    ENGLISH_REST.lastIndex = index + anchor.length;
    const end = index + anchor.length + ENGLISH_REST.exec(cased)![0].length;
    found.push({ type: 'address', value: cased.slice(start, end), start, end });
    floor = end;
  }
  return [...found, ...valuesOf(cased, TOLD), ...valuesOf(cased, POSTCODE)];
}

function valuesOf(cased: string, pattern: RegExp): FoundCode[] {
  return [...cased.matchAll(pattern)].map(({ 0: match, index, groups }) => {
    const value = groups!['value']!;
    const end = index + match.length;
    return { type: 'address', value, start: end - value.length, end };
  });
}
