/**
 * When: days, times of day, and the two together. 明天下午三点 is one `datetime`, 明天 a `date`, 下午三点 a `time`; 半小时后 is
 * counted from now. Promises that a span is told once, in its fullest form.
 */
import { findClockTimes, findDistances, type ClockTime } from './clock-time.js';
import { daysFrom, findDates } from './date.js';
import type { CalendarDay, Entity, Utterance } from './entity.js';

/** What may stand between a day and its time, and between a time and its day. */
const DAY_FIRST = /^(?:[\s,的t]|(?:at|by|around|about|before|after|from|在|大概|大约)(?![a-z])){0,4}$/;
const TIME_FIRST = /^(?:[\s,]|on|of)*$/;
const FARTHEST = 12;

/** Nobody names more; bounds the search for neighbours. */
const MOST = 100;

export function findMoments(utterance: Utterance): Entity[] {
  const { folded, today } = utterance;
  const days = apart(findDates(utterance)).slice(0, MOST);
  const found: Entity[] = distancesFrom(today, folded);
  for (const time of apart(findClockTimes(folded)).slice(0, MOST)) {
    const day = days.find((each) => belongTogether(folded, each, time));
    if (day) {
      days.splice(days.indexOf(day), 1);
      found.push(together(folded, day, time));
    } else if (!time.bare) {
      found.push({ type: 'time', value: clock(time.minute), start: time.start, end: time.end });
    }
  }
  return [...found, ...days];
}

function belongTogether(folded: string, day: Entity, time: ClockTime): boolean {
  const dayFirst = day.end <= time.start;
  const [from, to] = dayFirst ? [day.end, time.start] : [time.end, day.start];
  return (
    from <= to && to - from <= FARTHEST && (dayFirst ? DAY_FIRST : TIME_FIRST).test(folded.slice(from, to))
  );
}

/** "今晚八点": the day's own word says which half of it. Otherwise hours from one to six are the afternoon's. */
function together(folded: string, day: Entity, { start, end, minute, halfUnknown }: ClockTime): Entity {
  const written = folded.slice(day.start, day.end);
  const late = /晚|night/.test(written) ? minute < 720 : !/早/.test(written) && minute >= 60 && minute < 420;
  const exact = minute + (halfUnknown && late ? 720 : 0);
  return {
    type: 'datetime',
    value: `${exact >= 1440 ? dayAfter(day.value) : day.value}T${clock(exact)}`,
    start: Math.min(day.start, start),
    end: Math.max(day.end, end),
  };
}

function dayAfter(isoDay: string): string {
  const [year, month, day] = isoDay.split('-').map(Number);
  return daysFrom({ year: year!, month: month!, day: day! }, 1)!;
}

function distancesFrom(today: CalendarDay, folded: string): Entity[] {
  const now = today.minute;
  if (now === undefined) return [];
  return findDistances(folded).map(({ start, end, minutes }) => {
    const then = Math.round(now + minutes);
    const day = daysFrom(today, Math.floor(then / 1440))!;
    return { type: 'datetime', value: `${day}T${clock(then)}`, start, end };
  });
}

function clock(minute: number): string {
  const ofDay = ((minute % 1440) + 1440) % 1440;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}

/** In order of their start; of two that overlap the one found first, which is the more particular. */
function apart<T extends { readonly start: number; readonly end: number }>(spans: readonly T[]): T[] {
  const kept: T[] = [];
  let lastEnd = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < lastEnd) continue;
    kept.push(span);
    lastEnd = span.end;
  }
  return kept;
}
