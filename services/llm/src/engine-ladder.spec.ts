import { jest } from '@jest/globals';
import { AppError } from '@frontdesk/core';
import { EngineLadder } from './engine-ladder.js';
import type { Engine, Piece } from './engines/engine.js';

class MoodyEngine implements Engine {
  readonly name = 'moody';
  well = false;
  asked = 0;

  model(): string {
    return 'moody-1';
  }

  async *generate(): AsyncGenerator<Piece> {
    this.asked += 1;
    if (!this.well) throw new AppError('unavailable', 'Not today.');
    yield { type: 'token', text: 'Yes.' };
  }
}

describe('an engine that kept failing', () => {
  // The clock alone: waiting is real.
  beforeEach(
    () => void jest.useFakeTimers({ advanceTimers: true, doNotFake: ['setTimeout', 'clearTimeout'] }),
  );
  afterEach(() => void jest.useRealTimers());

  const prompt = { messages: [], maxTokens: 10, temperature: 0 };

  it('is left alone for a while, then asked again, once, and then as before if it answers', async () => {
    const engine = new MoodyEngine();
    const ladder = new EngineLadder([engine], { stallMs: 1_000 });
    const ask = async (): Promise<string> => {
      let text = '';
      for await (const piece of ladder.generate(prompt, 1_000, new AbortController().signal))
        if (piece.type === 'token') text += piece.text;
      return text;
    };
    for (let n = 0; n < 5; n += 1) await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    expect(engine.asked).toBe(3);
    expect(ladder.status().available).toBe(false);

    jest.setSystemTime(Date.now() + 5_001);
    expect(ladder.status().available).toBe(true);
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    expect(engine.asked).toBe(4);

    engine.well = true;
    jest.setSystemTime(Date.now() + 5_001);
    expect(await ask()).toBe('Yes.');
    expect(await ask()).toBe('Yes.');
  });
});
