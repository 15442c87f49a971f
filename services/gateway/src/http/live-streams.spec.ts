import { jest } from '@jest/globals';
import { LiveStreams, type LiveStream } from './live-streams.js';

it('streams are kept alive while nobody can tell whether their credentials are good', () => {
  jest.useFakeTimers();
  let lookUps = 0;
  const access = { identify: () => new Promise(() => (lookUps += 1)) };
  const live = new LiveStreams(access as never);
  const beats = [0, 0];
  beats.forEach((_, index) =>
    live.add({ kind: 'watch', stalled: false, beat: () => (beats[index]! += 1) } as unknown as LiveStream),
  );
  live.onModuleInit();
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  expect([beats, lookUps]).toEqual([[5, 5], 1]);
});
