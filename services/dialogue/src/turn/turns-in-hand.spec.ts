import { currentContext, runInContext } from '@frontdesk/core';
import { openLog, type Log } from '@frontdesk/runtime';
import { TurnsInHand } from './turns-in-hand.js';

const lines: string[] = [];
const log: Log = openLog('test', 'debug', { write: (line) => void lines.push(line) });
const request = { requestId: 'r1', tenantId: 't1', deadline: 1, signal: AbortSignal.abort() };
const start = <T>(turn: () => AsyncIterable<T>, hand = new TurnsInHand(log)): AsyncIterable<T> =>
  runInContext(request, () => hand.run(turn, 60_000));

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const heard: T[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}

beforeEach(() => void lines.splice(0));

describe('a turn in hand', () => {
  it('starts before anybody listens, and tells everything in order', async () => {
    let steps = 0;
    const events = start(async function* () {
      for (; steps < 3; steps += 1) yield steps;
    });
    await new Promise(setImmediate);
    expect(steps).toBe(3);
    expect(await collect(events)).toEqual([0, 1, 2]);
  });

  it('is bound neither to the deadline nor to the signal of its listener', async () => {
    const [context] = await collect(
      start(async function* () {
        yield currentContext()!;
      }),
    );
    expect(context).toMatchObject({ requestId: 'r1', tenantId: 't1' });
    expect(context!.signal).toBeUndefined();
    expect(context!.deadline).toBeGreaterThan(Date.now());
  });

  it('goes on when its listener leaves', async () => {
    const finished = Promise.withResolvers<void>();
    const events = start(async function* () {
      yield 1;
      await new Promise(setImmediate);
      yield 2;
      finished.resolve();
    });
    for await (const _ of events) break;
    await finished.promise;
  });

  it('tells its listener how it failed, and the log when nobody listens any more', async () => {
    const failing = async function* (): AsyncGenerator<number> {
      yield 1;
      await new Promise(setImmediate);
      throw new Error('broken');
    };
    await expect(collect(start(failing))).rejects.toThrow('broken');
    expect(lines).toEqual([]);
    const hand = new TurnsInHand(log);
    for await (const _ of start(failing, hand)) break;
    await hand.onModuleDestroy();
    expect(lines.join()).toContain('failed after its listener had left');
  });

  it('is waited for when the process stops', async () => {
    const hand = new TurnsInHand(log);
    let finished = false;
    start(async function* () {
      await new Promise((resolve) => setTimeout(resolve, 50));
      finished = true;
      yield 1;
    }, hand);
    await hand.onModuleDestroy();
    expect(finished).toBe(true);
  });
});
