import { fileURLToPath } from 'node:url';
import { readBot } from '../bots/read-bot.js';
import type { DialogueConfig } from '../config.js';
import { freshMemory, type Conversation, type Message } from '../conversation/conversation.js';
import { trajectoryOf } from '../emotion/trajectory.js';
import type { OrderSystem } from '../orders/order-system.js';
import type { Plan } from './decide.js';
import { AgentQueue, LanguageModel } from './ports.js';
import { Speaker, type Listener, type Speech } from './speak.js';

const { bot } = readBot(fileURLToPath(new URL('../../bots/default', import.meta.url)));
const passage = { articleId: 'a1', title: 'Gifts', text: 'We wrap gifts.', score: 0.4 };
const generate: Plan = {
  step: { type: 'generate', passages: [passage], otherwise: { type: 'faq', passage } },
  soothe: false,
  because: '',
};
const message: Message = {
  seq: 1,
  role: 'customer',
  text: 'gift?',
  createdAt: new Date(0),
  sources: [],
  degraded: false,
};
const conversation = { memory: freshMemory, status: 'open' } as Conversation;

class Writer extends LanguageModel {
  readonly limits: { firstTokenMs: number }[] = [];
  signal: AbortSignal | undefined;

  constructor(private readonly pieces: (signal: AbortSignal) => AsyncIterable<string>) {
    super();
  }

  write(_: unknown, limits: { firstTokenMs: number }, signal: AbortSignal): AsyncIterable<string> {
    this.limits.push(limits);
    this.signal = signal;
    return this.pieces(signal);
  }
}

class NoQueue extends AgentQueue {
  previewPosition = () => Promise.resolve(0);
  active = () => Promise.resolve(undefined);
}

async function spoken(
  model: LanguageModel,
  given: Partial<Listener> = {},
): Promise<Speech & { pieces: string[] }> {
  const config = { TURN_FIRST_TOKEN_MS: 1_500, TURN_STALL_MS: 60_000, TURN_ANSWER_MS: 60_000 };
  const speaker = new Speaker(model, {} as OrderSystem, new NoQueue(), config as DialogueConfig);
  const listener: Listener = {
    bot,
    conversation,
    message,
    reading: undefined,
    mood: trajectoryOf([]),
    language: 'en',
    spentMs: () => 0,
    history: () => Promise.resolve([]),
    signal: new AbortController().signal,
    ...given,
  };
  const words = speaker.speak(generate, listener);
  const pieces: string[] = [];
  for (;;) {
    const next = await words.next();
    if (next.done) return { ...next.value, pieces };
    pieces.push(next.value);
  }
}

const fluent = async function* (): AsyncGenerator<string> {
  yield 'Yes, ';
  yield 'we do.';
};

describe('a generated answer', () => {
  it('gets for its first word what is left of the patience', async () => {
    const model = new Writer(fluent);
    expect(await spoken(model, { spentMs: () => 500 })).toMatchObject({
      text: 'Yes, we do.',
      kind: 'generated',
      degradation: null,
    });
    expect(model.limits).toMatchObject([{ firstTokenMs: 850 }]);
  });

  it('is not asked for when nothing is left of it', async () => {
    const model = new Writer(fluent);
    expect(await spoken(model, { spentMs: () => 1_400 })).toMatchObject({
      text: 'We wrap gifts.',
      kind: 'faq',
      degradation: 'model_slow',
      pieces: [],
    });
    expect(model.limits).toEqual([]);
  });

  it('is cancelled at the model when it is given up', async () => {
    const model = new Writer(async function* () {
      yield 'Yes, ';
      throw new Error('broken');
    });
    expect(await spoken(model)).toMatchObject({ text: 'We wrap gifts.', degradation: 'model_stalled' });
    expect(model.signal!.aborted).toBe(true);
  });

  it('is no answer of a lower rung when the turn was overtaken', async () => {
    const overtaken = new AbortController();
    const model = new Writer(async function* (signal) {
      yield 'Yes, ';
      overtaken.abort(new Error('overtaken'));
      signal.throwIfAborted();
    });
    await expect(spoken(model, { signal: overtaken.signal })).rejects.toThrow('overtaken');
  });

  it('loses its banned words', async () => {
    const strict = Object.assign(Object.create(bot) as typeof bot, {
      withoutBannedWords: (text: string) => text.replace('we', '**'),
    });
    expect((await spoken(new Writer(fluent), { bot: strict })).text).toBe('Yes, ** do.');
  });
});
