/** Encoders on real threads and the real onnxruntime, over a model small enough to be computed by hand. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelFileSchema } from '@frontdesk/contracts/onnx/v1/model_file';
import { Encoder, type EncoderFiles, type EncoderOptions, type EncodeOptions } from '../src/index.js';
import { MAX_TOKENS, rowOf, threadsOf, tinyEncoder, WORDS } from './tiny-encoder.js';

const QUERY: EncodeOptions = { purpose: 'query' };
const CLS = 2;
const SEP = 3;

const open: Encoder[] = [];
afterEach(() => Promise.all(open.splice(0).map((encoder) => encoder.close())));

async function opened(files: EncoderFiles = tinyEncoder(), options: Partial<EncoderOptions> = {}) {
  const encoder = await Encoder.open(files, {
    threads: 1,
    maxBatch: 8,
    maxWaitMicros: 0,
    maxQueue: 100,
    ...options,
  });
  open.push(encoder);
  return encoder;
}

/** One whose thread is busy for tens of milliseconds with every text. */
const slow = (options: Partial<EncoderOptions> = {}) => opened(tinyEncoder({}, 400), options);

/** Gives the thread of an encoder something to do, and comes back when it does it. */
async function occupied(encoder: Encoder, text = 'where is my order'): Promise<{ done: Promise<unknown> }> {
  const done = encoder.encode(text, QUERY);
  while (encoder.stats().waiting > 0) await turn();
  return { done };
}

const idsOf = (...words: string[]) => [CLS, ...words.map((word) => WORDS.indexOf(word)), SEP];
const sum = (rows: readonly number[][]) => rows.reduce((total, row) => total.map((x, i) => x + row[i]!));
const scaled = (row: readonly number[], by: number) => row.map((x) => x * by);
const unit = (row: readonly number[]) => scaled(row, 1 / Math.hypot(...row));

/** The state of each token: its row, and the sum of all rows of the text. */
const states = (ids: readonly number[]) => {
  const all = sum(ids.map(rowOf));
  return ids.map((id) => sum([rowOf(id), all]));
};
const mean = (rows: readonly number[][]) => scaled(sum(rows), 1 / rows.length);

function expectNear(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i]! / value).toBeCloseTo(1, 5));
}

const outcomesOf = async (encodings: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(encodings)).map((outcome) =>
    outcome.status === 'fulfilled' ? 'encoded' : (outcome.reason as { code?: string }).code,
  );

describe('a vector', () => {
  const ids = idsOf('where', 'is', 'my', 'order');

  it('is the mean over the tokens, of length 1', async () => {
    const encoder = await opened();
    const { vector, features, tokens, truncated } = await encoder.encode('Where is MY order', QUERY);
    expectNear(vector, unit(mean(states(ids))));
    expect({ features: [...features], tokens, truncated }).toEqual({
      features: [],
      tokens: 6,
      truncated: false,
    });
  });

  it('is the state of the first token where the model was trained so', async () => {
    const encoder = await opened(tinyEncoder({ pooling: 'cls' }));
    expectNear((await encoder.encode('where is my order', QUERY)).vector, unit(states(ids)[0]!));
  });

  it.each([13n, 18n, 21n])('is the same from a file with the operators of set %s', async (version) => {
    const { model } = tinyEncoder();
    const file = fromBinary(ModelFileSchema, model);
    file.opsetImport[0]!.version = version;
    const encoder = await opened(tinyEncoder({ model: toBinary(ModelFileSchema, file) }));
    expectNear((await encoder.encode('where is my order', QUERY)).vector, unit(mean(states(ids))));
  });

  it('comes with features for those who ask: the mean of each layer, then the first token', async () => {
    const encoder = await opened(tinyEncoder({ layers: ['early', 'last_hidden_state'] }));
    const asked = { ...QUERY, features: true };
    const [first, second, plain] = await Promise.all([
      encoder.encode('where is my order', asked),
      encoder.encode('order', asked),
      encoder.encode('is my order', QUERY),
    ]);
    expect(encoder.stats().batches).toBe(1);
    const featuresOf = (ids: readonly number[]) => [
      ...mean(ids.map(rowOf)),
      ...mean(states(ids)),
      ...states(ids)[0]!,
    ];
    expectNear(first.features, featuresOf(ids));
    expectNear(second.features, featuresOf(idsOf('order')));
    expect(plain.features).toHaveLength(0);
    expectNear(plain.vector, unit(mean(states(idsOf('is', 'my', 'order')))));
  });

  it.each(['cls', 'mean'] as const)('is the same alone and beside a longer text (%s)', async (pooling) => {
    const encoder = await opened(tinyEncoder({ pooling }));
    const texts = ['order', 'my order', 'where is my order', '订单', 'is'];
    const together = await Promise.all(texts.map((text) => encoder.encode(text, QUERY)));
    expect(encoder.stats().batches).toBe(1);
    for (const [i, text] of texts.entries())
      expectNear((await encoder.encode(text, QUERY)).vector, [...together[i]!.vector]);
  });

  it('is that of the prefix and the text', async () => {
    const encoder = await opened(tinyEncoder({ prefixes: { query: 'ask ', passage: 'tell ' } }));
    const vectorOf = async (purpose: 'query' | 'passage') =>
      (await encoder.encode('my order', { purpose })).vector;
    expectNear(await vectorOf('query'), unit(mean(states(idsOf('ask', 'my', 'order')))));
    expectNear(await vectorOf('passage'), unit(mean(states(idsOf('tell', 'my', 'order')))));
  });

  it('of a long text is that of its first tokens and its end', async () => {
    const encoder = await opened();
    const words = Array.from({ length: MAX_TOKENS + 5 }, (_, i) => WORDS[4 + (i % 4)]!);
    const { vector, tokens, truncated } = await encoder.encode(words.join(' '), QUERY);
    expectNear(vector, unit(mean(states(idsOf(...words.slice(0, MAX_TOKENS - 2))))));
    expect(tokens).toBeGreaterThan(MAX_TOKENS);
    expect(truncated).toBe(true);
    const exact = await encoder.encode(words.slice(0, MAX_TOKENS - 2).join(' '), QUERY);
    expect([exact.tokens, exact.truncated]).toEqual([MAX_TOKENS, false]);
  });

  it.each([
    ['nothing', '', idsOf()],
    ['blanks', ' \n\t\u00a0', idsOf()],
    ['half a surrogate pair', '\ud83d', idsOf()],
    ['half a pair amid words', 'my \udc00 order', idsOf('my', 'order')],
    ['marks of direction', '\u200fmy\u200e order\u202e', idsOf('my', 'order')],
    ['words nobody knows', 'zzz 龘', idsOf('[UNK]', '[UNK]')],
    ['100 kB of one letter', 'a'.repeat(100_000), idsOf('[UNK]')],
    ['100 kB of one character', '单'.repeat(100_000), idsOf(...Array<string>(MAX_TOKENS - 2).fill('单'))],
  ])('of %s is a vector', async (_, text, ids) => {
    const encoder = await opened();
    expectNear((await encoder.encode(text, QUERY)).vector, unit(mean(states(ids))));
  });

  it('of a text of which no more than the beginning was read says so', async () => {
    const encoder = await opened();
    const { tokens, truncated } = await encoder.encode(`order${' '.repeat(10_000)}my`, QUERY);
    expect(tokens).toBeGreaterThan(MAX_TOKENS);
    expect(truncated).toBe(true);
  });
});

describe('texts that come together', () => {
  it('are encoded together: 32 in flight make few batches', async () => {
    const encoder = await opened(tinyEncoder(), { maxBatch: 16 });
    const texts = Array.from({ length: 320 }, (_, i) => WORDS.slice(4, 5 + (i % 4)).join(' '));
    const waiting = texts.values();
    const worker = async () => {
      for (const text of waiting)
        expect((await encoder.encode(text, QUERY)).tokens).toBe(text.split(' ').length + 2);
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    const { batches, texts: encoded } = encoder.stats();
    expect(encoded).toBe(320);
    expect(batches).toBeGreaterThanOrEqual(20);
    expect(batches).toBeLessThanOrEqual(60);
  });

  it('wait for others no longer than they may, and go when the batch is full', async () => {
    const encoder = await opened(tinyEncoder(), { maxWaitMicros: 1_000_000, maxBatch: 3 });
    const first = encoder.encode('my', QUERY);
    await turn();
    await Promise.all([first, encoder.encode('is', QUERY), encoder.encode('order', QUERY)]);
    expect(encoder.stats().batches).toBe(1);
  });

  it('come back in their order from a long list, behind a customer', async () => {
    const encoder = await slow({ maxBatch: 4 });
    const texts = Array.from({ length: 40 }, (_, i) => WORDS.slice(4, 5 + (i % 4)).join(' '));
    const finished: string[] = [];
    const list = encoder.encodeAll(texts, { purpose: 'passage' }).then((encodings) => {
      finished.push('list');
      return encodings;
    });
    while (encoder.stats().batches < 2) await turn();
    const before = encoder.stats().batches;
    await encoder.encode('order', QUERY).then(() => finished.push('customer'));
    // What the thread had when the customer came, and one that it may have taken in the same turn.
    expect(encoder.stats().batches - before).toBeLessThanOrEqual(3);
    expect((await list).map(({ tokens }) => tokens)).toEqual(texts.map((text) => text.split(' ').length + 2));
    expect(finished).toEqual(['customer', 'list']);
    expect(await encoder.encodeAll([], QUERY)).toEqual([]);
  });

  it('share the threads', async () => {
    const encoder = await opened(tinyEncoder({}, 50), { threads: 2, maxBatch: 1 });
    const texts = Array.from({ length: 20 }, (_, i) => WORDS[4 + (i % 4)]!);
    const encodings = await Promise.all(texts.map((text) => encoder.encode(text, QUERY)));
    for (const [i, text] of texts.entries())
      expectNear(encodings[i]!.vector, unit(mean(states(idsOf(text)))));
  });
});

describe('an encoder under load', () => {
  it('refuses who would be too late, and who comes too late already', async () => {
    const encoder = await slow();
    await encoder.encode('where is my order', QUERY);
    const { done } = await occupied(encoder);
    await expect(encoder.encode('order', { ...QUERY, deadlineMs: Date.now() + 2 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
      message: expect.stringContaining('could not be encoded') as string,
    });
    await done;
    await expect(encoder.encode('order', { ...QUERY, deadlineMs: Date.now() - 1 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(encoder.stats()).toMatchObject({ refused: 2, texts: 2 });
  });

  it('drops who was admitted and expired, customers and lists alike', async () => {
    const encoder = await slow();
    const { done } = await occupied(encoder);
    const soon = { ...QUERY, deadlineMs: Date.now() + 5 };
    const late = outcomesOf([encoder.encode('order', soon), encoder.encodeAll(['my'], soon)]);
    expect(encoder.stats().waiting).toBe(2);
    expect(await late).toEqual(['deadline_exceeded', 'deadline_exceeded']);
    await done;
    await encoder.encode('order', QUERY);
    expect(encoder.stats()).toMatchObject({ texts: 2, waiting: 0 });
  });

  it('takes a deadline of next year for what it is', async () => {
    const encoder = await slow();
    const { done } = await occupied(encoder);
    const far = encoder.encode('order', { ...QUERY, deadlineMs: Date.now() + 365 * 86_400_000 });
    expect(await outcomesOf([done, far])).toEqual(['encoded', 'encoded']);
  });

  it('bounds the customers who wait', async () => {
    const encoder = await slow({ maxQueue: 2 });
    const { done } = await occupied(encoder);
    const more = [1, 2, 3].map(() => encoder.encode('order', QUERY));
    expect(await outcomesOf([done, ...more])).toEqual([
      'encoded',
      'encoded',
      'encoded',
      'resource_exhausted',
    ]);
    expect(encoder.stats().refused).toBe(1);
  });

  it('encodes nothing for those who have gone', async () => {
    const encoder = await slow();
    const caller = new AbortController();
    const { done } = await occupied(encoder);
    const left = encoder.encode('order', { ...QUERY, signal: caller.signal });
    const stays = encoder.encode('my', QUERY);
    caller.abort();
    const late = encoder.encode('order', { ...QUERY, signal: caller.signal });
    expect(await outcomesOf([done, left, stays, late])).toEqual([
      'encoded',
      'cancelled',
      'encoded',
      'cancelled',
    ]);
    expect(encoder.stats()).toMatchObject({ texts: 2, waiting: 0 });
  });
});

describe('an encoder whose thread is killed', () => {
  /** So long that the thread is killed over its words: onnxruntime does not survive to be interrupted. */
  const endless = 'where is my order '.repeat(100_000);
  const patient = (options: Partial<EncoderOptions> = {}) =>
    threadsOf(() => opened(tinyEncoder({ maxTokens: 100_000 }), options));

  it('fails what the thread had, and works again', async () => {
    const [encoder, [thread]] = await patient();
    const { done } = await occupied(encoder, endless);
    const next = encoder.encode('order', QUERY);
    await thread!.terminate();
    expect(await outcomesOf([done, next])).toEqual(['unavailable', 'encoded']);
    expectNear((await encoder.encode('order', QUERY)).vector, unit(mean(states(idsOf('order')))));
  });

  it('lets nobody see it when the thread was idle', async () => {
    const [encoder, [thread]] = await patient();
    await thread!.terminate();
    expect(await outcomesOf(['my', 'order'].map((text) => encoder.encode(text, QUERY)))).toEqual([
      'encoded',
      'encoded',
    ]);
  });

  it('goes on with the other thread', async () => {
    const [encoder, threads] = await patient({ threads: 2 });
    const { done } = await occupied(encoder, endless);
    const others = ['my', 'order'].map((text) => encoder.encode(text, QUERY));
    expect(await outcomesOf(others)).toEqual(['encoded', 'encoded']);
    // One of them is idle, and its death is not seen.
    await Promise.all(threads.map((thread) => thread.terminate()));
    expect(await outcomesOf([done, encoder.encode('my', QUERY)])).toEqual(['unavailable', 'encoded']);
  });
});

describe('an encoder that is closed', () => {
  it('fails what runs, what waits and what comes', async () => {
    const encoder = await slow();
    const { done } = await occupied(encoder);
    const waits = encoder.encode('order', QUERY);
    const list = encoder.encodeAll(['my', 'order'], QUERY);
    const outcomes = outcomesOf([done, waits, list]);
    await encoder.close();
    expect(await outcomes).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(await outcomesOf([encoder.encode('my', QUERY), encoder.encodeAll(['my'], QUERY)])).toEqual([
      'unavailable',
      'unavailable',
    ]);
    await encoder.close();
  });

  it('may be closed at any moment of a run', async () => {
    for (let round = 0; round < 8; round++) {
      const encoder = await opened(tinyEncoder({}, 100), { maxBatch: 1 });
      const outcomes = outcomesOf(['my', 'order', 'is'].map((text) => encoder.encode(text, QUERY)));
      await sleep(3 * round);
      await encoder.close();
      expect(['', 'encoded', 'unavailable']).toEqual(expect.arrayContaining(await outcomes));
      expect(encoder.stats().waiting).toBe(0);
    }
  });

  it('does not open on files that are no encoder', async () => {
    await expect(opened(tinyEncoder({ model: Uint8Array.of(255, 255) }))).rejects.toMatchObject({
      code: 'data_loss',
    });
    await expect(
      opened(tinyEncoder({ tokenizer: new TextEncoder().encode('<html>') })),
    ).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(opened(tinyEncoder({ layers: ['nowhere'] }))).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});

describe('a storm of arrivals, deadlines and cancellations', () => {
  it('settles every promise, rightly, and leaves nothing behind', async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const encoder = await opened(tinyEncoder({}, 20), {
      threads: 2,
      maxBatch: 4,
      maxQueue: 20,
      maxWaitMicros: 500,
    });
    const asked: { words: string[]; promise: Promise<{ vector: Float32Array }> }[] = [];
    const signals: AbortSignal[] = [];
    for (let i = 0; i < 600; i++) {
      const words = Array.from({ length: 1 + random(12) }, () => WORDS[4 + random(4)]!);
      const caller = new AbortController();
      const options: EncodeOptions = {
        purpose: random(2) ? 'query' : 'passage',
        ...(random(3) === 0 && { deadlineMs: Date.now() + random(60) - 5 }),
        ...(random(3) === 0 && { signal: caller.signal }),
      };
      if (options.signal) signals.push(caller.signal);
      const promise = random(4)
        ? encoder.encode(words.join(' '), options)
        : encoder.encodeAll([words.join(' ')], options).then(([encoding]) => encoding!);
      promise.catch(() => undefined);
      asked.push({ words, promise });
      if (options.signal && random(2)) setTimeout(() => caller.abort(), random(20));
      if (random(5) === 0) await sleep(random(4));
    }
    const outcomes = await outcomesOf(asked.map(({ promise }) => promise));
    const counted = Object.groupBy(outcomes, (outcome) => outcome!);
    const expected = ['encoded', 'deadline_exceeded', 'cancelled', 'resource_exhausted'];
    expect({ seed, unexpected: Object.keys(counted).filter((code) => !expected.includes(code)) }).toEqual({
      seed,
      unexpected: [],
    });
    expect(counted['encoded']!.length).toBeGreaterThan(50);
    for (const [i, { words, promise }] of asked.entries())
      if (outcomes[i] === 'encoded') expectNear((await promise).vector, unit(mean(states(idsOf(...words)))));
    expect(encoder.stats().waiting).toBe(0);
    await encoder.encode('order', QUERY);
  });
});

/** Whole numbers below `below`, always the same for a seed (Park and Miller, 1988). */
function randomFrom(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
