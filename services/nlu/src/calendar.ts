/** The calendar day and minute of a moment in a time zone. */
import type { CalendarDay } from './entities/entity.js';

const QUARTER_MS = 900_000;

/** Every zone's clock differs from UTC by whole quarters of an hour: one look-up serves that long. */
const known = new Map<string, Required<CalendarDay>>();

const OPTIONS = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
} as const;

/** `timeZone` is an IANA name such as `Asia/Shanghai`; throws RangeError for an unknown one. */
export function dayIn(timeZone: string, nowMs: number): Required<CalendarDay> {
  const key = `${timeZone} ${Math.floor(nowMs / QUARTER_MS)}`;
  const intoQuarter = Math.floor((nowMs % QUARTER_MS) / 60_000);
  let quarter = known.get(key);
  if (!quarter) {
    const parts: Record<string, number> = Object.fromEntries(
      new Intl.DateTimeFormat('en', { ...OPTIONS, timeZone })
        .formatToParts(nowMs)
        .map(({ type, value }) => [type, Number(value)]),
    );
    const { year, month, day, hour, minute } = parts as Record<
      'year' | 'month' | 'day' | 'hour' | 'minute',
      number
    >;
    quarter = { year, month, day, minute: hour * 60 + minute - intoQuarter };
    known.clear();
    known.set(key, quarter);
  }
  return { ...quarter, minute: quarter.minute + intoQuarter };
}
