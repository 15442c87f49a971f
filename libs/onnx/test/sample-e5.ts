/** A small network in the format of the 4-bit E5 file, with weights at random, and what it computes in plain numbers. */
import { BLOCK } from '../src/conversion/four-bit-matrix.js';

export const SHAPE = { hidden: 64, layers: 6, heads: 2, inner: 320, vocabulary: 40, positions: 16, types: 2 };
/** Large, so that it shows in the states. */
const EPSILON = 0.05;
const { hidden, layers, heads, inner, vocabulary, positions, types } = SHAPE;

export interface SampleE5 {
  readonly bytes: Uint8Array;
  /** Where the tensor of a name begins. */
  readonly offsets: ReadonlyMap<string, number>;
  /** States of each token after each layer: [layers][tokens][hidden]. */
  readonly states: (ids: readonly number[]) => number[][][];
}

export function sampleE5({ version = 1, epsilon = EPSILON, block = BLOCK } = {}): SampleE5 {
  const tensors = draw();
  const { bytes, offsets } = layOut(tensors, { version, epsilon, block });
  return { bytes, offsets, states: (ids) => statesOf(tensors, ids) };
}

interface SampleTensor {
  readonly type: number;
  readonly values: number[];
  readonly bytes: Uint8Array;
}

function draw(): Map<string, SampleTensor> {
  const random = randomNumbers(7);
  const floats = (length: number, middle: number, spread: number): SampleTensor => {
    const values = Float32Array.from({ length }, () => middle + spread * (random() - 0.5));
    return { type: 0, values: [...values], bytes: new Uint8Array(values.buffer) };
  };
  const tensors = new Map<string, SampleTensor>([
    ['emb.word', fourBits(vocabulary * hidden, random)],
    ['emb.pos', floats(positions * hidden, 0, 0.5)],
    ['emb.type', floats(types * hidden, 0, 0.5)],
    ['emb.ln.w', floats(hidden, 1, 0.4)],
    ['emb.ln.b', floats(hidden, 0, 0.4)],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    const linear = (name: string, rows: number, columns: number) => {
      tensors.set(`l${layer}.${name}.w`, fourBits(rows * columns, random));
      tensors.set(`l${layer}.${name}.b`, floats(rows, 0, 0.4));
    };
    for (const name of ['q', 'k', 'v', 'ao']) linear(name, hidden, hidden);
    linear('fi', inner, hidden);
    linear('fo', hidden, inner);
    for (const name of ['aln', 'oln']) {
      tensors.set(`l${layer}.${name}.w`, floats(hidden, 1, 0.4));
      tensors.set(`l${layer}.${name}.b`, floats(hidden, 0, 0.4));
    }
  }
  widenRange(tensors);
  return tensors;
}

/** As in the real network: one inner state of the fifth layer is far larger than the others, and of no weight. */
function widenRange(tensors: Map<string, SampleTensor>): void {
  const [bias, down] = [tensors.get('l4.fi.b')!, tensors.get('l4.fo.w')!];
  bias.values[0] = 80;
  new DataView(bias.bytes.buffer).setFloat32(0, 80, true);
  for (let row = 0; row < hidden; row++) {
    down.values[row * inner] = 0;
    down.bytes[(row * inner * 18) / BLOCK + 2]! &= 0xf0;
    down.bytes[(row * inner * 18) / BLOCK + 2]! |= 8;
  }
}

/** Blocks of 32 weights: a half-precision scale, then weight i beside weight i + 16. */
function fourBits(count: number, random: () => number): SampleTensor {
  const bytes = new Uint8Array((count / BLOCK) * 18);
  const values: number[] = [];
  for (let at = 0; at < bytes.length; at += 18) {
    const view = new DataView(bytes.buffer, at);
    view.setFloat16(0, 0.02 + 0.02 * random(), true);
    const scale = view.getFloat16(0, true);
    const bits = Array.from({ length: BLOCK }, () => Math.floor(random() * 16));
    for (let i = 0; i < 16; i++) view.setUint8(2 + i, bits[i]! | (bits[i + 16]! << 4));
    values.push(...bits.map((four) => (four - 8) * scale));
  }
  return { type: 1, values, bytes };
}

function layOut(
  tensors: ReadonlyMap<string, SampleTensor>,
  { version, epsilon, block }: { version: number; epsilon: number; block: number },
): { bytes: Uint8Array; offsets: Map<string, number> } {
  const pieces = 3;
  const spelling = new TextEncoder().encode('abcdef');
  const tokenizer = [int32(pieces, 0, 2, 1, 3), int64(spelling.length), int32(0, 1, 3, 6)];
  const normalisation = Uint8Array.of(65, 0, 0, 0, 1, 97, 0, 0, 0);
  const head = [
    new TextEncoder().encode('E5S1'),
    int32(version, hidden, layers, heads, inner, vocabulary, positions, types),
    new Uint8Array(Float32Array.of(epsilon).buffer),
    int32(block),
    ...tokenizer,
    new Uint8Array(Float32Array.of(-1, -2, -3).buffer),
    spelling,
    int32(1, normalisation.length),
    normalisation,
    int32(tensors.size),
  ];
  const entryLength = (name: string) => 2 + name.length + 1 + 4 + 8 + 8;
  const directoryLength = [...tensors.keys()].reduce((sum, name) => sum + entryLength(name), 0);
  let at = Buffer.concat(head).length + directoryLength;
  const offsets = new Map<string, number>();
  const directory = [...tensors].flatMap(([name, { type, values, bytes }]) => {
    offsets.set(name, at);
    at += bytes.length;
    const title = new TextEncoder().encode(name);
    const [from, length] = [int64(offsets.get(name)!), int64(bytes.length)];
    return [Uint8Array.of(title.length, 0), title, Uint8Array.of(type), int32(values.length), from, length];
  });
  const content = [...tensors.values()].map(({ bytes }) => bytes);
  return { bytes: Buffer.concat([...head, ...directory, ...content]), offsets };
}

const int32 = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const int64 = (value: number): Uint8Array => new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);

function statesOf(tensors: ReadonlyMap<string, SampleTensor>, ids: readonly number[]): number[][][] {
  const of = (name: string) => tensors.get(name)!.values;
  const row = (name: string, index: number) => of(name).slice(index * hidden, (index + 1) * hidden);
  const linear = (name: string, x: readonly number[]) =>
    of(`${name}.b`).map((bias, r) => bias + dot(of(`${name}.w`).slice(r * x.length, (r + 1) * x.length), x));
  const normalise = (name: string, x: readonly number[]) => {
    const mean = sum(x) / hidden;
    const deviation = Math.sqrt(sum(x.map((value) => (value - mean) ** 2)) / hidden + EPSILON);
    return x.map((value, i) => ((value - mean) / deviation) * of(`${name}.w`)[i]! + of(`${name}.b`)[i]!);
  };
  let states = ids.map((id, place) =>
    normalise('emb.ln', add(add(row('emb.word', id), row('emb.pos', place)), row('emb.type', 0))),
  );
  return Array.from({ length: layers }, (_, layer) => {
    const name = (part: string) => `l${layer}.${part}`;
    const [queries, keys, values] = ['q', 'k', 'v'].map((part) => states.map((x) => linear(name(part), x)));
    states = states.map((x, token) => {
      const attended = Array.from({ length: heads }, (_, head) => {
        const part = (y: readonly number[]) =>
          y.slice((head * hidden) / heads, ((head + 1) * hidden) / heads);
        const query = part(queries![token]!);
        const weights = keys!.map((key) => Math.exp(dot(query, part(key)) / Math.sqrt(hidden / heads)));
        const mixed = values!.map((value, i) => part(value).map((v) => (v * weights[i]!) / sum(weights)));
        return mixed.reduce(add);
      }).flat();
      const middle = normalise(name('aln'), add(x, linear(name('ao'), attended)));
      return normalise(name('oln'), add(middle, linear(name('fo'), linear(name('fi'), middle).map(gelu))));
    });
    return states;
  });
}

const sum = (x: readonly number[]): number => x.reduce((total, value) => total + value, 0);
const add = (x: readonly number[], y: readonly number[]): number[] => x.map((value, i) => value + y[i]!);
const dot = (x: readonly number[], y: readonly number[]): number => sum(x.map((value, i) => value * y[i]!));

/** x · Φ(x), the integral by Simpson's rule. */
function gelu(x: number): number {
  const steps = 40;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const inside = Array.from({ length: steps + 1 }, (_, i) => {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    return weight * density((i * x) / steps);
  });
  return x * (0.5 + (sum(inside) * x) / steps / 3);
}

/** Uniform in [0, 1): a linear congruence (Numerical Recipes, ch. 7.1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
