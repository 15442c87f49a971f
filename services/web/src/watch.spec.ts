import { GatewayFailure } from './failure.js';
import type { ServerEvent } from './sse.js';
import { backoffMs, watch } from './watch.js';

type Script = readonly (ServerEvent | Error)[];

const event = (id: string): ServerEvent => ({ type: 'message', data: '{}', id });

/** Plays one script per connection; the watch stops when they are used up. */
async function play(...connections: Script[]) {
  const stop = new AbortController();
  const opened: string[] = [];
  const seen: string[] = [];
  const states: boolean[] = [];
  const waits: number[] = [];
  const end = await watch({
    from: '3',
    open: async (lastEventId) => {
      opened.push(lastEventId);
      const script = connections[opened.length - 1] ?? [];
      if (opened.length >= connections.length) stop.abort();
      if (script[0] instanceof Error) throw script[0];
      return (async function* () {
        for (const step of script) {
          if (step instanceof Error) throw step;
          yield step;
        }
      })();
    },
    onEvent: ({ id }) => seen.push(id),
    onConnected: (connected) => states.push(connected),
    sleep: async (ms) => void waits.push(ms),
    signal: stop.signal,
  });
  return { opened, seen, states, waits, end };
}

describe('watch', () => {
  it('resumes after the last event it saw, and keeps the id where a stream sent none', async () => {
    const { opened, seen, states } = await play([event('4'), new Error('cut')], [event('')], [event('5')]);
    expect(opened).toEqual(['3', '4', '4']);
    expect(seen).toEqual(['4', '', '5']);
    expect(states).toEqual([true, false, true, false, true]);
  });

  it('waits longer after each failure in a row, and short again once events came', async () => {
    const down = new GatewayFailure({ code: 'unavailable' });
    const { waits } = await play([down], [down], [down], [event('4'), new Error('cut')], []);
    const longest = [1_000, 2_000, 4_000, 1_000];
    expect(waits).toHaveLength(longest.length);
    expect(waits.every((ms, n) => ms >= longest[n]! / 2 && ms <= longest[n]!)).toBe(true);
  });

  it('gives up where the key or the conversation is refused', async () => {
    const { opened, end } = await play([new GatewayFailure({ code: 'gone' })], [event('4')]);
    expect(opened).toEqual(['3']);
    expect(end).toEqual({ code: 'gone' });
  });
});

describe('backoffMs', () => {
  it('doubles to half a minute at most, spread over the upper half', () => {
    expect([0, 1, 2, 10].map((failures) => backoffMs(failures, 0))).toEqual([500, 1_000, 2_000, 15_000]);
    expect(backoffMs(10, 0.999)).toBeLessThanOrEqual(30_000);
  });
});
