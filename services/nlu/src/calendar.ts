/** The calendar day of a moment in a time zone. */
import type { CalendarDay } from './entities/entity.js';

const QUARTER_MS = 900_000;

/** Every zone's day begins on a whole quarter of an hour: one look-up serves that long. */
const known = new Map<string, CalendarDay>();

/** `timeZone` is an IANA name such as `Asia/Shanghai`; throws RangeError for an unknown one. */
export function dayIn(timeZone: string, nowMs: number): CalendarDay {
  const key = `${timeZone} ${Math.floor(nowMs / QUARTER_MS)}`;
  let day = known.get(key);
  if (!day) {
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(nowMs).split('-');
    day = { year: Number(parts[0]), month: Number(parts[1]), day: Number(parts[2]) };
    known.clear();
    known.set(key, day);
  }
  return day;
}
