import { Bell } from './bell.js';

const longMs = 60_000;

describe('a bell', () => {
  it('wakes who waits', async () => {
    const bell = new Bell();
    const waiting = bell.wait(longMs);
    bell.ring();
    expect(await waiting).toBe(true);
  });

  it('keeps a ring that nobody heard, and only one', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    expect(await bell.wait(longMs)).toBe(true);
    expect(await bell.wait(1)).toBe(false);
  });

  it('lets nobody wait for ever', async () => {
    const bell = new Bell();
    expect(await bell.wait(1)).toBe(false);
    bell.ring();
    expect(await bell.wait(longMs)).toBe(true);
  });
});
