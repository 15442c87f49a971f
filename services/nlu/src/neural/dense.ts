/** A linear layer over an encoder's vector: what the embedding says of each label. Some microseconds per utterance. */
import { addRows } from '../lexical/classifier.js';

const everyRow = new Map<number, Int32Array>();

export class Dense {
  constructor(
    /** Length of the vectors. */
    readonly dimension: number,
    /** Number of labels. */
    readonly width: number,
    /** Float32Array[(dimension + 1) × width], row by row; the last row is the bias. */
    readonly weights: Float32Array,
  ) {}

  /** `vector` is Float32Array[dimension]; Float32Array[width] before the softmax. */
  scores(vector: Float32Array): Float32Array {
    const scores = this.weights.slice(this.dimension * this.width);
    addRows(this.weights, rowsUpTo(this.dimension), vector, this.dimension, scores);
    return scores;
  }
}

/** 0, 1, 2 …: a dense vector is a sparse one that leaves nothing out. */
function rowsUpTo(size: number): Int32Array {
  let rows = everyRow.get(size);
  if (!rows) everyRow.set(size, (rows = Int32Array.from({ length: size }, (_, i) => i)));
  return rows;
}
