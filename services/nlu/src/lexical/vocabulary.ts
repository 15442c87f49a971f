/**
 * The n-grams of a training set, each with its row and its inverse document frequency. An open-addressing hash table
 * over typed arrays: reading an utterance allocates nothing.
 */
import { MOST_FEATURES, type Features } from './features.js';
import type { Sliced } from './slices.js';

/** A sparse unit vector; the arrays are reused by the next call, only the first `size` entries count. */
export interface SparseVector {
  readonly rows: Int32Array;
  readonly values: Float32Array;
  readonly size: number;
}

const EMPTY = -1;
const TEXTS_PER_SLICE = 32;
const rows = new Int32Array(MOST_FEATURES);
const values = new Float32Array(MOST_FEATURES);

export class Vocabulary {
  private readonly slots: Int32Array;
  private readonly mask: number;

  /** `keys[row]` is the hash of an n-gram, `idf[row]` its weight, `unseen` the weight of every other n-gram. */
  constructor(
    readonly keys: Uint32Array,
    readonly idf: Float32Array,
    readonly unseen: number,
  ) {
    this.mask = 2 ** Math.ceil(Math.log2(keys.length * 2 + 2)) - 1;
    this.slots = new Int32Array(this.mask + 1).fill(EMPTY);
    for (let row = 0; row < keys.length; row++) {
      let slot = keys[row]! & this.mask;
      while (this.slots[slot] !== EMPTY) slot = (slot + 1) & this.mask;
      this.slots[slot] = row;
    }
  }

  /** The n-grams of the texts; the `mostRows` most frequent ones where there are more. */
  static *of(texts: readonly Features[], mostRows: number): Sliced<Vocabulary> {
    const frequency = new Map<number, number>();
    for (let i = 0; i < texts.length; i++) {
      for (const key of new Set(texts[i])) frequency.set(key, (frequency.get(key) ?? 0) + 1);
      if (i % TEXTS_PER_SLICE === 0) yield;
    }
    let entries = [...frequency];
    if (entries.length > mostRows) entries = entries.sort((a, b) => b[1] - a[1]).slice(0, mostRows);
    yield;
    const idf = (count: number) => 1 + Math.log((texts.length + 1) / (count + 1));
    return new Vocabulary(
      Uint32Array.from(entries, ([key]) => key),
      Float32Array.from(entries, ([, count]) => idf(count)),
      idf(0),
    );
  }

  get size(): number {
    return this.keys.length;
  }

  /** An n-gram never seen has no row, but makes the others shorter: an unfamiliar text is a short vector. */
  vector(features: Features): SparseVector {
    let size = 0;
    let squares = 0;
    for (let i = 0; i < features.length; i++) {
      const row = this.rowOf(features[i]!);
      const value = row === EMPTY ? this.unseen : this.idf[row]!;
      squares += value * value;
      if (row === EMPTY) continue;
      rows[size] = row;
      values[size++] = value;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < size; i++) values[i]! *= scale;
    return { rows, values, size };
  }

  private rowOf(key: number): number {
    let slot = key & this.mask;
    let row = this.slots[slot]!;
    while (row !== EMPTY && this.keys[row] !== key) {
      slot = (slot + 1) & this.mask;
      row = this.slots[slot]!;
    }
    return row;
  }
}
