/**
 * Times of day and distances from now: 下午三点半, 晚上8点, 15:30, 5 pm, half past two; 半小时后, in 2 hours. A time is hours
 * and minutes of a 24-hour clock; which day it belongs to is not decided here.
 */
import { CHINESE_NUMERALS, parseNumber } from './chinese-number.js';

export interface ClockTime {
  readonly start: number;
  readonly end: number;
  /** 0 to 1440; 1440 is the midnight that ends the day. */
  readonly minute: number;
  /** "three o'clock" of which half of the day nobody said: minute is as spoken, 1 to 12 o'clock. */
  readonly halfUnknown: boolean;
  /** A bare "三点" or "at 5", which is a time only where a day stands beside it. */
  readonly bare: boolean;
}

/** Minutes from now, negative for the past. */
export interface Distance {
  readonly start: number;
  readonly end: number;
  readonly minutes: number;
}

const PERIOD =
  '凌晨|清晨|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|夜里|夜间|半夜|深夜|(?<![今明昨])[早晚]';
const CHINESE_HOUR = `\\d{1,2}|十[一二]?|[一二两三四五六七八九]|零`;
const CHINESE_TIME = new RegExp(
  `(?:(${PERIOD})的?\\s?)?(?<![\\d.])(${CHINESE_HOUR})\\s?(点钟?|时(?![间候代尚装常段]))(整|半|[一三]刻|[零〇]?\\d{1,2}分?|[${CHINESE_NUMERALS}]{2,3}分?|[一二三四五六七八九十]分)?`,
  'g',
);
const DIGITAL = new RegExp(
  `(?:(${PERIOD})\\s?)?(?<![\\d:.])([01]?\\d|2[0-4]):([0-5]\\d)(?::[0-5]\\d(?:\\.\\d{1,3})?)?(?![\\d:]) ?([ap]\\.?m\\b\\.?)?`,
  'g',
);
const HOURS = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const OF_DAY = '(?: (?:in the )?(morning|afternoon|evening)| at (night))?';
const ENGLISH_TIMES: readonly RegExp[] = [
  new RegExp(`(?<![\\d:.,$€£a-z-])(\\d{1,2})(?:[:.]([0-5]\\d))? ?([ap])\\.?m(?![a-z])\\.?`, 'g'),
  new RegExp(`(?<![a-z\\d])(\\d{1,2}|${HOURS}) ?o['’]?clock${OF_DAY}`, 'g'),
  new RegExp(
    `(?<![a-z\\d])(half past|quarter past|quarter to) (\\d{1,2}|${HOURS})(?![a-z\\d])${OF_DAY}`,
    'g',
  ),
  /(?<![a-z])(noon|midday|midnight)(?![a-z])/g,
  new RegExp(
    `(?<![a-z])at (\\d{1,2}|${HOURS})(?![\\d:.,%a-z-]|\\s?(?:${HOURS}|\\d|[a-z]+s\\b))${OF_DAY}`,
    'g',
  ),
];

/** In order of preference where they overlap. */
export function findClockTimes(folded: string): ClockTime[] {
  const times: ClockTime[] = [];
  if (/[点时]/.test(folded)) times.push(...chineseTimes(folded));
  if (folded.includes(':')) times.push(...digitalTimes(folded));
  if (/[ap]\.?m|clock|past|quarter|noon|midday|midnight|at /.test(folded))
    times.push(...englishTimes(folded));
  return times;
}

function chineseTimes(folded: string): ClockTime[] {
  const times: ClockTime[] = [];
  for (const { 0: match, 1: period, 2: spoken, 4: rest = '', index: start } of folded.matchAll(
    CHINESE_TIME,
  )) {
    const end = start + match.length;
    const hour = parseNumber(spoken!);
    const minute = chineseMinute(rest);
    // 便宜一点 is "a bit cheaper"; 三点 may be three points of a list.
    const bare = !period && rest === '' && !match.endsWith('钟');
    if (
      hour === undefined ||
      hour > 24 ||
      minute > 59 ||
      (bare && /[一1]点$/.test(match) && spoken!.length === 1)
    )
      continue;
    times.push({ start, end, ...onDay(hour, minute, period), bare });
  }
  return times;
}

function chineseMinute(rest: string): number {
  if (rest === '' || rest === '整') return 0;
  if (rest === '半') return 30;
  if (rest.endsWith('刻')) return rest.startsWith('一') ? 15 : 45;
  return parseNumber(rest.replace(/分$/, '').replace(/^[零〇](?=.)/, '')) ?? NaN;
}

function digitalTimes(folded: string): ClockTime[] {
  return [...folded.matchAll(DIGITAL)].map(
    ({ 0: match, 1: period, 2: hour, 3: minute, 4: half, index: start }) => {
      const of = onDay(Number(hour), Number(minute), period ?? half?.slice(0, 1));
      return { start, end: start + match.trimEnd().length, ...of, halfUnknown: false, bare: false };
    },
  );
}

function englishTimes(folded: string): ClockTime[] {
  const [withHalf, oClock, pastOrTo, named, at] = ENGLISH_TIMES;
  const find = (
    pattern: RegExp,
    read: (match: RegExpExecArray) => Pick<ClockTime, 'minute' | 'halfUnknown'>,
    bare = false,
  ) =>
    [...folded.matchAll(pattern)].flatMap((match) => {
      const { minute, halfUnknown } = read(match);
      const end = match.index + match[0].length;
      return Number.isFinite(minute) && minute <= 1440
        ? [{ start: match.index, end, minute, halfUnknown, bare }]
        : [];
    });
  return [
    ...find(withHalf!, ([, hour, minute, half]) =>
      Number(hour) > 12
        ? { minute: NaN, halfUnknown: false }
        : onDay(Number(hour), Number(minute ?? 0), half),
    ),
    ...find(oClock!, ([, hour, day, night]) => onDay(hourOf(hour!), 0, day ?? night)),
    ...find(pastOrTo!, ([, which, hour, day, night]) => {
      const minutes = which === 'half past' ? 30 : which === 'quarter past' ? 15 : -15;
      const { minute, halfUnknown } = onDay(hourOf(hour!), 0, day ?? night);
      return { minute: minute + minutes, halfUnknown };
    }),
    ...find(named!, ([, name]) => ({ minute: name === 'midnight' ? 1440 : 720, halfUnknown: false })),
    ...find(at!, ([, hour, day, night]) => onDay(hourOf(hour!), 0, day ?? night), true),
  ];
}

function hourOf(word: string): number {
  const index = HOURS.split('|').indexOf(word);
  return index < 0 ? Number(word) : index + 1;
}

/** `period` is what was said of the half of the day: 下午, pm, "evening"; undefined when nothing was. */
export function onDay(
  hour: number,
  minute: number,
  period: string | undefined,
): Pick<ClockTime, 'minute' | 'halfUnknown'> {
  if (hour > 24) return { minute: NaN, halfUnknown: false };
  if (period === undefined || hour > 12 || hour === 0) {
    return { minute: hour * 60 + minute, halfUnknown: period === undefined && hour >= 1 && hour <= 12 };
  }
  const isNight = /晚|夜|night|tonight/.test(period);
  const isLate = isNight || /下午|午后|^p|afternoon|evening/.test(period);
  if (hour === 12)
    return {
      minute: (isNight ? 24 : isLate || /中午|正午/.test(period) ? 12 : 0) * 60 + minute,
      halfUnknown: false,
    };
  const isSmallHour = /夜/.test(period) && hour < 6;
  const later = (isLate && !isSmallHour) || (/中午|正午/.test(period) && hour < 10);
  return { minute: (hour + (later ? 12 : 0)) * 60 + minute, halfUnknown: false };
}

const CHINESE_DISTANCE = new RegExp(
  `(半|\\d{1,3}(?:\\.\\d)?|[${CHINESE_NUMERALS}]{1,3})个?(半)?(小时|钟头|分钟|刻钟)(?:之|以)?([前后後])`,
  'g',
);
const ENGLISH_DISTANCE =
  /(?<![a-z\d])(?:(in|within) )?(half an|an?|\d{1,3}(?:\.\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty) (hour|hr|minute|min)s?(?: (ago|from now|later))?(?![a-z])/g;
const ENGLISH_COUNTS: Readonly<Record<string, number>> = {
  'half an': 0.5, a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  twenty: 20, thirty: 30, forty: 40,
}; // prettier-ignore

export function findDistances(folded: string): Distance[] {
  const found: Distance[] = [];
  for (const { 0: match, 1: count, 2: half, 3: unit, 4: way, index: start } of folded.matchAll(
    CHINESE_DISTANCE,
  )) {
    const units = (count === '半' ? 0.5 : (parseNumber(count!) ?? NaN)) + (half ? 0.5 : 0);
    const minutes = units * (unit === '分钟' ? 1 : unit === '刻钟' ? 15 : 60);
    if (Number.isFinite(minutes))
      found.push({ start, end: start + match.length, minutes: way === '前' ? -minutes : minutes });
  }
  if (!/hour|hr|min/.test(folded)) return found;
  for (const { 0: match, 1: before, 2: count, 3: unit, 4: way, index: start } of folded.matchAll(
    ENGLISH_DISTANCE,
  )) {
    if (!before && !way) continue;
    const minutes = (ENGLISH_COUNTS[count!] ?? Number(count)) * (unit!.startsWith('h') ? 60 : 1);
    found.push({ start, end: start + match.length, minutes: way === 'ago' ? -minutes : minutes });
  }
  return found;
}
