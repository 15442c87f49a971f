/** A file of 4-bit weights converted and run by onnxruntime, against the same network in plain numbers. */
import { convertE5Q4 } from '../src/conversion/convert-e5-q4.js';
import { withPooling } from '../src/encoder/pooled-graph.js';
import { GraphSession } from '../src/index.js';
import { sampleE5, SHAPE } from './sample-e5.js';

const TEXTS = [
  [0, 17, 5, 33, 8, 2],
  [0, 9, 2],
  [0, 39, 39, 1, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 2],
] as const;
const PADDING = 1;
const { hidden } = SHAPE;

describe('the graph of a 4-bit E5 file', () => {
  const sample = sampleE5();
  const layers = ['layer.2', 'layer.4', 'last_hidden_state'];
  const model = convertE5Q4(sample.bytes);
  let session: GraphSession;
  beforeAll(async () => {
    session = await GraphSession.open(withPooling(model, { pooling: 'mean', dimension: hidden, layers }));
  });
  afterAll(() => session.close());

  it('gives each token the state of the exact weights, alone or in a padded batch', async () => {
    const batch = await statesOf(session, TEXTS);
    for (const [index, text] of TEXTS.entries()) {
      const exact = sample.states(text).at(-1)!;
      const [alone] = await statesOf(session, [text]);
      for (const [token, state] of exact.entries()) {
        expect(cosine(alone![token]!, state)).toBeGreaterThan(0.995);
        expect(cosine(batch[index]![token]!, state)).toBeGreaterThan(0.995);
      }
    }
  });

  it('has the states of the layers inside, by their number', async () => {
    const [text] = TEXTS;
    const { features } = await session.run(feedsOf([text]), ['features']);
    const exact = sample.states(text);
    for (const [index, layer] of [2, 4, SHAPE.layers].entries()) {
      const mean = meanOf(exact[layer - 1]!);
      expect(cosine(vectors(features!.data)[index]!, mean)).toBeGreaterThan(0.995);
    }
  });

  it('is the same, byte for byte, whenever it is made, and wherever the file lies in memory', () => {
    expect(Buffer.compare(convertE5Q4(sample.bytes), model)).toBe(0);
    const elsewhere = Buffer.concat([Buffer.of(1), sample.bytes]).subarray(1);
    expect(Buffer.compare(convertE5Q4(elsewhere), model)).toBe(0);
  });
});

describe('a file that is no 4-bit E5 model', () => {
  const { bytes, offsets } = sampleE5();
  const changed = (change: (view: DataView) => void): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    change(new DataView(copy.buffer));
    return copy;
  };

  it.each([
    ['is empty', new Uint8Array(), 'ends before'],
    ['is something else', new TextEncoder().encode('GGUF'.repeat(20)), 'does not begin'],
    ['is of another version', sampleE5({ version: 2 }).bytes, 'does not begin'],
    ['has other blocks', sampleE5({ block: 64 }).bytes, '"block":64'],
    ['normalises by less than nothing', sampleE5({ epsilon: -1 }).bytes, '"epsilon":-1'],
    ['has heads that do not share the states', changed((view) => view.setInt32(16, 7, true)), '"heads":7'],
    ['promises more layers than it has', changed((view) => view.setInt32(12, 7, true)), 'no l6.q.w'],
    ['promises a larger vocabulary', changed((view) => view.setInt32(24, 41, true)), 'emb.word has 2560'],
    ['is cut within the tokenizer', bytes.subarray(0, 90), 'ends before'],
    ['is cut within the last tensor', bytes.subarray(0, -1), 'ends within l5.oln.b'],
    [
      'has a weight that is no number',
      changed((view) => view.setFloat32(offsets.get('l3.ao.b')!, NaN, true)),
      'l3.ao.b',
    ],
    [
      'has a scale that is no number',
      changed((view) => view.setFloat16(offsets.get('l0.q.w')!, Infinity, true)),
      'scale',
    ],
  ])('is refused when it %s', (_, file, message) => {
    const refused = expect.objectContaining({ code: 'data_loss', message: expect.stringContaining(message) });
    expect(() => convertE5Q4(file)).toThrow(refused);
  });

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length += 9973)
      expect(() => convertE5Q4(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'data_loss' }),
      );
  });
});

/** States of the tokens of each text, without padding. */
async function statesOf(session: GraphSession, texts: readonly (readonly number[])[]) {
  const { last_hidden_state: states } = await session.run(feedsOf(texts), ['last_hidden_state']);
  const width = states!.dims[1]!;
  const all = vectors(states!.data);
  return texts.map((text, row) => all.slice(row * width, row * width + text.length));
}

function feedsOf(texts: readonly (readonly number[])[]) {
  const width = Math.max(...texts.map(({ length }) => length));
  const dims = [texts.length, width];
  const padded = (one: (text: readonly number[], place: number) => number) =>
    BigInt64Array.from(
      texts.flatMap((text) => Array.from({ length: width }, (_, place) => BigInt(one(text, place)))),
    );
  return {
    input_ids: { data: padded((text, place) => text[place] ?? PADDING), dims },
    attention_mask: { data: padded((text, place) => (place < text.length ? 1 : 0)), dims },
  };
}

function vectors(data: ArrayLike<number | bigint>): number[][] {
  const numbers = Array.from(data, Number);
  return Array.from({ length: numbers.length / hidden }, (_, i) =>
    numbers.slice(i * hidden, (i + 1) * hidden),
  );
}

const meanOf = (states: number[][]): number[] =>
  states[0]!.map((_, i) => states.reduce((sum, state) => sum + state[i]!, 0) / states.length);

function cosine(x: readonly number[], y: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}
