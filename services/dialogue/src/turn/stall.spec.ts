import { untilStalled } from './stall.js';

const never = new Promise<never>(() => undefined);

async function collect(pieces: AsyncIterable<string>): Promise<{ pieces: string[]; code?: string }> {
  const heard: string[] = [];
  try {
    for await (const piece of pieces) heard.push(piece);
    return { pieces: heard };
  } catch (error) {
    return { pieces: heard, code: (error as { code: string }).code };
  }
}

describe('untilStalled', () => {
  it('gives everything a source has to say', async () => {
    async function* source() {
      yield 'a';
      yield 'b';
    }
    expect(await collect(untilStalled(source(), 1_000, 1_000))).toEqual({ pieces: ['a', 'b'] });
  });

  it('gives up on a source that does not begin', async () => {
    async function* source(): AsyncGenerator<string> {
      yield await never;
    }
    expect(await collect(untilStalled(source(), 10, 60_000))).toEqual({
      pieces: [],
      code: 'deadline_exceeded',
    });
  });

  it('gives up on a source that stops in the middle', async () => {
    async function* source() {
      yield 'a';
      yield await never;
    }
    expect(await collect(untilStalled(source(), 60_000, 10))).toEqual({
      pieces: ['a'],
      code: 'deadline_exceeded',
    });
  });

  it('passes on what a source throws', async () => {
    async function* source(): AsyncGenerator<string> {
      yield 'a';
      throw Object.assign(new Error('broken'), { code: 'unavailable' });
    }
    expect(await collect(untilStalled(source(), 1_000, 1_000))).toEqual({
      pieces: ['a'],
      code: 'unavailable',
    });
  });

  it('lets the source go when nobody listens any more', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield 'a';
      } finally {
        closed = true;
      }
    }
    for await (const _ of untilStalled(source(), 1_000, 1_000)) break;
    await Promise.resolve();
    expect(closed).toBe(true);
  });
});
