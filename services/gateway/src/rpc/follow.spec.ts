import { jest } from '@jest/globals';
import { AppError, systemClock } from '@frontdesk/core';
import { Follow } from './follow.js';

describe('a watch', () => {
  let now = 0;
  beforeEach(() => jest.spyOn(systemClock, 'now').mockImplementation(() => now));
  afterEach(() => jest.restoreAllMocks());

  it('goes on however often its connection ends of age, though nothing is said', async () => {
    let opened = 0;
    const dialogue = {
      async *watch() {
        opened += 1;
        now += 300_000;
        if (opened < 12) throw new AppError('unavailable', 'The connection is too old.');
        yield { event: { case: 'closed', value: {} } };
      },
    };
    const follow = new Follow(dialogue as never, {} as never);
    const seen: string[] = [];
    for await (const event of follow.conversation('c1', 0, new AbortController().signal))
      seen.push(event.case);
    expect([seen, opened]).toEqual([['closed'], 12]);
  });
});
