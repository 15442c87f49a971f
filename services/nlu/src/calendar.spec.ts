import { dayIn } from './calendar.js';

describe('dayIn', () => {
  it('is the day on the wall of that zone', () => {
    const now = Date.parse('2026-11-20T17:30:00Z');
    expect(dayIn('Asia/Shanghai', now)).toEqual({ year: 2026, month: 11, day: 21, minute: 90 });
    expect(dayIn('UTC', now)).toEqual({ year: 2026, month: 11, day: 20, minute: 1_050 });
    expect(dayIn('America/New_York', now)).toEqual({ year: 2026, month: 11, day: 20, minute: 750 });
  });

  it('counts the minutes of a quarter of an hour it has seen before', () => {
    const minuteAt = (time: string) => dayIn('Asia/Kathmandu', Date.parse(`2026-11-20T${time}Z`)).minute;
    expect([minuteAt('04:20:00'), minuteAt('04:29:59'), minuteAt('04:15:00')]).toEqual([605, 614, 600]);
  });

  it('turns at midnight', () => {
    expect(dayIn('Asia/Kathmandu', Date.parse('2026-11-20T18:14:59Z')).day).toBe(20);
    expect(dayIn('Asia/Kathmandu', Date.parse('2026-11-20T18:15:00Z')).day).toBe(21);
  });
});
