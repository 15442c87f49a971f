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
/** Share of the vote a label without any neighbour has. */
const FLOOR = 1e-4;

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
    const unit = centred(vector, this.centre);
    const { starts } = this;
    const searched = candidates.reduce((sum, label) => sum + starts[label + 1]! - starts[label]!, 0);
    const similarities = new Float32Array(searched);
    let found = 0;
    for (const label of candidates)
      for (let row = starts[label]!; row < starts[label + 1]!; row++)
        similarities[found++] = this.similarity(unit, row);
    const ranked = similarities.slice().sort();
    const nearest = ranked.at(-1) ?? -1;
    const furthest = ranked[Math.max(0, searched - VOTERS)]!;
    const shares = new Float32Array(starts.length - 1);
    let total = 0;
    found = 0;
    for (const label of candidates) {
      for (let row = starts[label]!; row < starts[label + 1]!; row++) {
        const similarity = similarities[found++]!;
        if (similarity < furthest) continue;
        // Relative to the nearest, so that the vote of a text far from everything is not a division by nothing.
        const weight = Math.exp(SHARPNESS * (similarity - nearest));
        shares[label]! += weight;
        total += weight;
      }
    }
    for (let k = 0; k < shares.length; k++) shares[k] = Math.log(shares[k]! / (total || 1) + FLOOR);
    return { logShares: shares, nearest };
  }

  private similarity(unit: Float32Array, row: number): number {
    const { rows, dimension } = this;
    const offset = row * dimension;
    // Two sums, so that one addition need not wait for the other; not destructured, or they would be boxed.
    let a = 0;
    let b = 0;
    for (let i = 0; i < dimension; i += 2) {
      a += unit[i]! * rows[offset + i]!;
      b += unit[i + 1]! * rows[offset + i + 1]!;
    }
    return (a + b) / 127;
  }
}

/** Float32Array[dimension] of length 1. */
function centred(vector: Float32Array, centre: Float32Array): Float32Array {
  const moved = new Float32Array(vector.length);
  let squares = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]! - centre[i]!;
    moved[i] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < moved.length; i++) moved[i]! /= length;
  return moved;
}
