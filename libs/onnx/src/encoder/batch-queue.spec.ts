import { BatchQueue, estimateTokens, type Waiting } from './batch-queue.js';

interface Text extends Waiting {
  readonly name: string;
}

const text = (name: string, size = 10, changes: Partial<Text> = {}): Text => ({
  name,
  size,
  deadlineMs: Infinity,
  background: false,
  ...changes,
});
const names = (batch: readonly Text[]) => batch.map(({ name }) => name);
const queueOf = (limits: { maxBatch?: number; maxQueue?: number } = {}, threads = 1) =>
  new BatchQueue<Text>({ maxBatch: 4, maxQueue: 100, ...limits }, threads);
const filled = (queue: BatchQueue<Text>, ...texts: readonly Text[]) => {
  for (const text of texts) queue.add(text, 0);
  return queue;
};

/** A queue that has learned what a token costs. */
const learned = (msPerToken: number, threads = 1) => {
  const queue = queueOf({}, threads);
  queue.add(text('first', 10), 0);
  queue.done(queue.take(0), 10 * msPerToken);
  return queue;
};

describe('a batch', () => {
  it('is taken in the order of arrival, up to its bound', () => {
    const queue = filled(queueOf({ maxBatch: 2 }), text('a'), text('b'), text('c'));
    expect([names(queue.take(0)), names(queue.take(0)), names(queue.take(0))]).toEqual([
      ['a', 'b'],
      ['c'],
      [],
    ]);
  });

  it('holds texts of like length, those of the one who waits longest first', () => {
    const queue = filled(queueOf(), text('a', 10), text('long', 200), text('b', 12), text('short', 2));
    filled(queue, text('c', 6));
    expect(names(queue.take(0))).toEqual(['a', 'b', 'c']);
    expect(names(queue.take(0))).toEqual(['long']);
    expect(names(queue.take(0))).toEqual(['short']);
  });

  it('holds customers or background work, customers first', () => {
    const background = { background: true };
    const queue = filled(
      queueOf(),
      text('list 1', 10, background),
      text('list 2', 10, background),
      text('a'),
    );
    expect(names(queue.take(0))).toEqual(['a']);
    queue.add(text('b'), 0);
    expect(names(queue.take(0))).toEqual(['b']);
    expect(names(queue.take(0))).toEqual(['list 1', 'list 2']);
  });

  it('leaves behind who is late, and lets nobody wait for them', () => {
    const queue = filled(queueOf(), text('late', 10, { deadlineMs: 5 }), text('a', 10, { deadlineMs: 6 }));
    filled(queue, text('list', 10, { background: true }));
    expect(names(queue.take(6))).toEqual(['a']);
    expect(names(queue.take(6))).toEqual(['list']);
    expect(names(queue.take(6))).toEqual([]);
    expect(names(queue.clear())).toEqual(['late']);
  });

  it('of long texts holds few, padding counted, and at least one', () => {
    const many = (size: number) => Array.from({ length: 40 }, (_, i) => text(`${i}`, size));
    const batchOf = (...texts: readonly Text[]) => filled(queueOf({ maxBatch: 32 }), ...texts).take(0);
    expect(batchOf(...many(2_000))).toHaveLength(1);
    const long = batchOf(...many(400)).length;
    expect(long).toBeLessThan(4);
    expect(batchOf(...many(40)).length).toBeGreaterThan(4 * long);
    expect(batchOf(...many(16))).toHaveLength(32);
    expect(batchOf(text('wide', 60), ...many(40)).length).toBeLessThan(batchOf(...many(40)).length);
  });
});

describe('admission', () => {
  it('bounds the customers who wait, not the background work', () => {
    const queue = filled(queueOf({ maxQueue: 2 }), text('a'), text('b'));
    expect(() => queue.add(text('c'), 0)).toThrow(expect.objectContaining({ code: 'resource_exhausted' }));
    queue.add(text('list', 10, { background: true }), 0);
    queue.take(0);
    queue.add(text('c'), 0);
    expect(queue.length).toBe(2);
  });

  it('predicts from what waits, what is under way and how many threads there are', () => {
    const queue = learned(2);
    expect(queue.predictedMs(text('x', 5))).toBeCloseTo(10);
    filled(queue, text('a', 30), text('b', 100));
    expect(queue.predictedMs(text('x', 5))).toBeCloseTo(2 * (30 + 100 + 5));
    queue.take(0);
    expect(queue.predictedMs(text('x', 5))).toBeCloseTo(2 * (30 + 100 + 5));

    const two = filled(learned(2, 2), text('a', 30));
    expect(two.predictedMs(text('x', 5))).toBeCloseTo(2 * (15 + 5));
  });

  it('refuses who would be too late', () => {
    const queue = filled(learned(2), text('a', 40));
    const justInTime = text('b', 10, { deadlineMs: 1_100 });
    expect(() => queue.add({ ...justInTime, deadlineMs: 1_099 }, 1_000)).toThrow(
      expect.objectContaining({ code: 'deadline_exceeded' }),
    );
    queue.add(justInTime, 1_000);
    expect(names(queue.take(0))).toEqual(['a']);
  });

  it('lets the next one through whatever it predicts, so that it can learn better', () => {
    const queue = learned(1_000);
    const quick = text('quick', 10, { deadlineMs: 50 });
    queue.add(quick, 0);
    const batch = queue.take(0);
    expect(() => queue.add(quick, 0)).toThrow(expect.objectContaining({ code: 'deadline_exceeded' }));
    queue.done(batch, 10);
    expect(queue.predictedMs(text('x', 1))).toBeLessThan(1_000);
  });

  it('refuses what is late already', () => {
    for (const background of [false, true]) {
      const late = text('late', 10, { deadlineMs: 999, background });
      expect(() => queueOf().add(late, 1_000)).toThrow(
        expect.objectContaining({ code: 'deadline_exceeded' }),
      );
    }
  });
});

describe('leaving', () => {
  it('is for the one who cancels alone', () => {
    const [a, b] = [text('a'), text('b')];
    const list = text('list', 10, { background: true });
    const queue = filled(queueOf(), a, b, list);
    queue.cancel(a);
    queue.cancel(list);
    queue.cancel(text('a'));
    expect(names(queue.clear())).toEqual(['b']);
    expect(queue.length).toBe(0);
  });

  it('of a failed batch takes nothing into account', () => {
    const queue = filled(learned(2), text('a', 50));
    queue.failed(queue.take(0));
    expect(queue.predictedMs(text('x', 5))).toBeCloseTo(10);
  });

  it('happens exactly once for every text, however arrivals, batches and cancellations mix', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = randomFrom(seed);
      const queue = queueOf({ maxBatch: 1 + random(6), maxQueue: 12 }, 1 + random(3));
      const present = new Set<Text>();
      const running: Text[][] = [];
      const left = new Map<Text, number>();
      const leave = (texts: Iterable<Text>) => {
        for (const text of texts) left.set(text, (left.get(text) ?? 0) + 1);
      };
      let arrived = 0;
      for (let step = 0; step < 300; step++) {
        const action = random(6);
        if (action < 3) {
          const item = text(`${step}`, 1 + random(100), {
            background: random(3) === 0,
            deadlineMs: random(2) ? Infinity : step + random(500),
          });
          arrived++;
          try {
            queue.add(item, step);
            present.add(item);
          } catch {
            leave([item]);
          }
        } else if (action === 3) {
          const inTime = [...present].filter(({ deadlineMs }) => deadlineMs >= step);
          const customersWait = inTime.some(({ background }) => !background);
          const batch = queue.take(step);
          expect(batch.some(({ background }) => background === customersWait)).toBe(false);
          expect(batch.every((item) => inTime.includes(item))).toBe(true);
          expect(batch.length > 0).toBe(inTime.length > 0);
          for (const item of batch) expect(present.delete(item)).toBe(true);
          if (batch.length > 0) running.push(batch);
        } else if (action === 4 && running.length > 0) {
          const [batch] = running.splice(random(running.length), 1);
          if (random(4)) queue.done(batch!, 1 + random(20));
          else queue.failed(batch!);
          leave(batch!);
        } else if (present.size > 0) {
          const item = [...present][random(present.size)]!;
          queue.cancel(item);
          present.delete(item);
          leave([item]);
        }
        expect(queue.length).toBe(present.size);
      }
      for (const batch of running) {
        queue.failed(batch);
        leave(batch);
      }
      leave(queue.clear());
      expect({ seed, left: left.size, times: new Set(left.values()) }).toEqual({
        seed,
        left: arrived,
        times: new Set([1]),
      });
      expect(queue.predictedMs({ size: 0 })).toBeCloseTo(0);
    }
  });
});

describe('the size of a text', () => {
  it('is about its tokens, and never more than is read', () => {
    expect(estimateTokens('我的订单到哪了', 512)).toBe(9);
    expect(estimateTokens('where is my order', 512)).toBe(6.25);
    expect(estimateTokens('单'.repeat(100_000), 512)).toBe(512);
  });
});

/** Whole numbers below `below`, always the same for a seed (Park and Miller, 1988). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
