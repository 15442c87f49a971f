/**
 * What the most similar training examples say: a kernel-weighted vote of nearest neighbours (Nadaraya, 1964; Watson,
 * 1964). It knows single examples which a linear layer averages away, so one correction counts at once. Only labels
 * the other voices think possible are searched, and of each label a bounded number of examples: some hundred rows of
 * int8, a tenth of a millisecond, however many labels and examples a bot has.
 */

/** Examples per label that are kept; more hardly add to what these say. */
export const MOST_PER_LABEL = 128;
/** Labels that are searched for one utterance. */
export const CANDIDATES = 5;
/** Neighbours that vote. */
const VOTERS = 32;
/** How fast a vote fades with distance. */
const SHARPNESS = 30;
/** Steps of a component of the utterance's unit vector. */
const FINE = 2 ** 14;
/** Share of the vote a label without any neighbour has. */
const FLOOR = 1e-4;

/** Bound once: where code runs in a VM context, as under the test runner, every look-up of a global is slow. */
const { exp, imul } = Math;

export interface NeighbourVote {
  /** Float32Array[labels]: log of each label's share of the vote. */
  readonly logShares: Float32Array;
  /** Cosine similarity of the nearest example, −1 to 1; −1 where there is none. */
  readonly nearest: number;
}

export class Neighbours {
  constructor(
    readonly dimension: number,
    /** Float32Array[dimension]: mean of the examples. Taken away, cosines spread over their whole range. */
    readonly centre: Float32Array,
    /** Int8Array[rows × dimension]: unit vectors times 127, those of one label side by side. */
    readonly rows: Int8Array,
    /** Uint32Array[labels + 1]: rows of label k are starts[k] up to starts[k + 1]. */
    readonly starts: Uint32Array,
  ) {}

  /** `vectors[i]` is Float32Array[dimension] of label `labels[i]`; the first ones of each label are kept. */
  static of(vectors: readonly Float32Array[], labels: readonly number[], width: number): Neighbours {
    const dimension = vectors[0]!.length;
    const centre = new Float32Array(dimension);
    for (const vector of vectors)
      for (let i = 0; i < dimension; i++) centre[i]! += vector[i]! / vectors.length;
    const byLabel = Map.groupBy(vectors.keys(), (index) => labels[index]!);
    const kept = Array.from({ length: width }, (_, label) =>
      (byLabel.get(label) ?? []).slice(0, MOST_PER_LABEL),
    );
    const starts = new Uint32Array(width + 1);
    kept.forEach((indexes, label) => (starts[label + 1] = starts[label]! + indexes.length));
    const rows = new Int8Array(starts[width]! * dimension);
    kept.flat().forEach((index, row) => {
      const unit = centred(vectors[index]!, centre);
      for (let i = 0; i < dimension; i++) rows[row * dimension + i] = Math.round(unit[i]! * 127);
    });
    return new Neighbours(dimension, centre, rows, starts);
  }

  /** `candidates` are labels. */
  vote(vector: Float32Array, candidates: readonly number[]): NeighbourVote {
    const unit = Int16Array.from(centred(vector, this.centre).map((value) => Math.round(value * FINE)));
    const best = new Nearest(VOTERS);
    for (const label of candidates) {
      for (let row = this.starts[label]!; row < this.starts[label + 1]!; row++)
        best.offer(this.similarity(unit, row), label);
    }
    const shares = new Float32Array(this.starts.length - 1);
    let total = 0;
    for (let i = 0; i < best.size; i++) {
      // Relative to the nearest, so that the vote of a text far from everything is not a division by nothing.
      const weight = exp(SHARPNESS * (best.similarities[i]! - best.similarities[0]!));
      shares[best.labels[i]!]! += weight;
      total += weight;
    }
    return {
      logShares: shares.map((share) => Math.log(share / (total || 1) + FLOOR)),
      nearest: best.size > 0 ? best.similarities[0]! : -1,
    };
  }

  /** In whole numbers, three times as fast as in floating point; no sum is larger than 127 × FINE. */
  private similarity(unit: Int16Array, row: number): number {
    const { rows, dimension } = this;
    let [a, b, c, d] = [0, 0, 0, 0];
    const offset = row * dimension;
    // Four sums, so that one addition need not wait for the other; encoders' dimensions are multiples of four.
    for (let i = 0; i < dimension; i += 4) {
      a = (a + imul(unit[i]!, rows[offset + i]!)) | 0;
      b = (b + imul(unit[i + 1]!, rows[offset + i + 1]!)) | 0;
      c = (c + imul(unit[i + 2]!, rows[offset + i + 2]!)) | 0;
      d = (d + imul(unit[i + 3]!, rows[offset + i + 3]!)) | 0;
    }
    return (a + b + c + d) / (127 * FINE);
  }
}

/** The most similar of what was offered, best first; of equal ones the earlier. */
class Nearest {
  readonly similarities: Float64Array;
  readonly labels: Int32Array;
  size = 0;

  constructor(most: number) {
    this.similarities = new Float64Array(most);
    this.labels = new Int32Array(most);
  }

  offer(similarity: number, label: number): void {
    const { similarities, labels } = this;
    const isFull = this.size === similarities.length;
    if (isFull && similarity <= similarities[this.size - 1]!) return;
    let place = isFull ? this.size - 1 : this.size++;
    for (; place > 0 && similarities[place - 1]! < similarity; place--) {
      similarities[place] = similarities[place - 1]!;
      labels[place] = labels[place - 1]!;
    }
    similarities[place] = similarity;
    labels[place] = label;
  }
}

/** Float32Array[dimension] of length 1. In plain loops: a training does this for every example. */
function centred(vector: Float32Array, centre: Float32Array): Float32Array {
  const moved = new Float32Array(vector.length);
  let squares = 0;
  for (let i = 0; i < moved.length; i++) {
    const value = (moved[i] = vector[i]! - centre[i]!);
    squares += value * value;
  }
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < moved.length; i++) moved[i]! /= length;
  return moved;
}
