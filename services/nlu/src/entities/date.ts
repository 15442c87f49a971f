/**
 * Days: 今天, 前天, 3月5日, 下周一, 三天后; today, next Monday, in 3 days, March 5th. Normal form: ISO 8601 date,
 * counted from the customer's own day. A day without a year is the nearest one; a bare weekday is the coming one.
 */
import { CHINESE_NUMERALS, parseNumber } from './chinese-number.js';
import { entitiesOf, type CalendarDay, type Entity, type Utterance } from './entity.js';

const RELATIVE: Readonly<Record<string, number>> = {
  大前天: -3, 前天: -2, 昨天: -1, 昨日: -1, 昨晚: -1, 今天: 0, 今日: 0, 今早: 0, 今晚: 0, 明天: 1, 明日: 1, 明早: 1,
  明晚: 1, 后天: 2, 大后天: 3,
  'day before yesterday': -2, yesterday: -1, 'last night': -1, today: 0, tonight: 0, tomorrow: 1,
  'day after tomorrow': 2,
}; // prettier-ignore
const RELATIVE_DAY =
  /大前天|前天|昨[天日晚]|今[天日早晚]|明[天日早晚]|大?后天|day before yesterday|day after tomorrow|(?<![a-z])(?:yesterday|last night|today|tonight|tomorrow)(?![a-z])/g;

const WEEKDAYS: Readonly<Record<string, number>> = {
  一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7,
  mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7,
}; // prettier-ignore
const CHINESE_WEEKDAY = /(上个?|这个?|本|下个?)?(?:周|星期|礼拜)([一二三四五六日天])(?!天)/g;
const ENGLISH_WEEKDAY =
  /(?<![a-z])(last |this |next )?(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)(?![a-z])/g;

const NUMBER_WORDS = 'an?|one|two|three|four|five|six|seven|eight|nine|ten';
const CHINESE_DISTANCE = new RegExp(
  `(\\d{1,3}|[${CHINESE_NUMERALS}]{1,3})(天|个?星期|周)(?:之|以)?(前|后)`,
  'g',
);
const ENGLISH_DISTANCE = new RegExp(
  `(?<![a-z])(?:(in) )?(\\d{1,3}|${NUMBER_WORDS}) (day|week)s?(?: (ago|from now|later))?(?![a-z])`,
  'g',
);

const ISO = /(?<![\d.-])(20\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d|[-/.]\d)/g;
/** 11/25/2026; where only one order is possible it is that one, otherwise the month comes first. */
const SLASHED = /(?<![\d/.])(\d{1,2})\/(\d{1,2})\/(20\d\d)(?![\d/])/g;
/** 25号, where what follows is no building, line or model. */
const DAY_OF_MONTH =
  /(?<![\d路街道巷楼栋区线第月一二三四五六七八九十.-])(?:(这个?月|本月|上个?月|下个?月)的?)?(\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?=$|[前后之左下上中晚早到发送寄买付能可会还就才的我你有吗吧呢了,。?!\s])/g;
const CHINESE_DATE = new RegExp(
  `(?:(\\d{4}|[〇零一二三四五六七八九]{4})年)?(\\d{1,2}|[一二三四五六七八九十]{1,2})月(\\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?`,
  'g',
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(${MONTHS.join('|')})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?`;
const MONTH_FIRST = new RegExp(
  `(?<![a-z])${MONTH} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (20\\d\\d))?(?![\\d.a-z])`,
  'g',
);
const DAY_FIRST = new RegExp(
  `(?<![\\d.])(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${MONTH}(?:,? (20\\d\\d))?(?![\\da-z])`,
  'g',
);

const DAY_MS = 86_400_000;

export function findDates(utterance: Utterance): Entity[] {
  const { folded, today } = utterance;
  const find = (pattern: RegExp, day: (match: RegExpExecArray) => string | undefined) =>
    entitiesOf('date', utterance, pattern, day);
  const found: Entity[] = [];
  if (/\d|月/.test(folded)) {
    found.push(
      ...find(ISO, ([, year, , month, day]) => calendarDay(Number(year), Number(month), Number(day))),
      ...find(CHINESE_DATE, ([, year, month, day]) =>
        dayOf(today, parseNumber(month!), parseNumber(day!), year),
      ),
      ...find(SLASHED, ([, first, second, year]) => {
        const dayFirst = Number(first) > 12;
        return calendarDay(
          Number(year),
          Number(dayFirst ? second : first),
          Number(dayFirst ? first : second),
        );
      }),
      ...find(MONTH_FIRST, ([, month, day, year]) => dayOf(today, monthOf(month!), Number(day), year)),
      ...find(DAY_FIRST, ([, day, month, year]) => dayOf(today, monthOf(month!), Number(day), year)),
    );
  }
  if (/[号日]/.test(folded)) {
    found.push(...find(DAY_OF_MONTH, ([, which, day]) => dayOfMonth(today, which, parseNumber(day!))));
  }
  found.push(
    ...find(RELATIVE_DAY, ([word]) => daysFrom(today, RELATIVE[word]!)),
    ...find(CHINESE_WEEKDAY, ([, which, weekday]) => weekdayFrom(today, weekday!, which)),
    ...find(ENGLISH_WEEKDAY, ([, which, weekday]) => weekdayFrom(today, weekday!, which?.trim())),
    ...find(CHINESE_DISTANCE, ([, count, unit, way]) => {
      const days = (parseNumber(count!) ?? NaN) * (unit === '天' ? 1 : 7);
      return daysFrom(today, way === '前' ? -days : days);
    }),
    ...find(ENGLISH_DISTANCE, ([, before, count, unit, after]) => {
      if (!before && !after) return undefined;
      const days = englishNumber(count!) * (unit === 'day' ? 1 : 7);
      return daysFrom(today, after === 'ago' ? -days : days);
    }),
  );
  return found;
}

function englishNumber(word: string): number {
  if (word === 'a' || word === 'an') return 1;
  const index = NUMBER_WORDS.split('|').indexOf(word);
  return index < 0 ? Number(word) : index;
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name) + 1;
}

/** Without a year: the occurrence nearest to today. */
function dayOf(today: CalendarDay, month = NaN, day = NaN, year?: string): string | undefined {
  if (year !== undefined) return calendarDay(parseNumber(year)!, month, day);
  const now = stamp(today.year, today.month, today.day);
  const distance = (candidate: number) => Math.abs(stamp(candidate, month, day) - now);
  const years = [today.year, today.year - 1, today.year + 1];
  return calendarDay(
    years.reduce((best, next) => (distance(next) < distance(best) ? next : best)),
    month,
    day,
  );
}

/** Without a month: the occurrence nearest to today. */
function dayOfMonth(today: CalendarDay, which: string | undefined, day = NaN): string | undefined {
  const inMonth = (months: number) => {
    const first = new Date(Date.UTC(today.year, today.month - 1 + months, 1));
    return calendarDay(first.getUTCFullYear(), first.getUTCMonth() + 1, day);
  };
  if (which !== undefined) return inMonth(which.startsWith('上') ? -1 : which.startsWith('下') ? 1 : 0);
  const now = stamp(today.year, today.month, today.day);
  const away = (iso: string) => Math.abs(Date.parse(iso) - now);
  const candidates = [0, -1, 1].flatMap((months) => inMonth(months) ?? []);
  return candidates.sort((a, b) => away(a) - away(b))[0];
}

/** Weeks begin on Monday. `last`, `this`, `next` name a week; without one the coming such day is meant. */
function weekdayFrom(today: CalendarDay, weekday: string, which: string | undefined): string | undefined {
  const current = new Date(stamp(today.year, today.month, today.day)).getUTCDay() || 7;
  const distance = WEEKDAYS[weekday]! - current;
  if (which === undefined) return daysFrom(today, (distance + 7) % 7);
  const week =
    which.startsWith('上') || which === 'last' ? -7 : which.startsWith('下') || which === 'next' ? 7 : 0;
  return daysFrom(today, distance + week);
}

/** The day so many days away, ISO 8601; undefined where the number is none. */
export function daysFrom({ year, month, day }: CalendarDay, days: number): string | undefined {
  if (!Number.isFinite(days)) return undefined;
  return new Date(stamp(year, month, day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Undefined for a day no calendar has, such as February 30. */
function calendarDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(stamp(year, month, day));
  if (Number.isNaN(date.getTime()) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  return date.toISOString().slice(0, 10);
}

function stamp(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day);
}
