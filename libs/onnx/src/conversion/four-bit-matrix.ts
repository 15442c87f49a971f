/**
 * A matrix of 4-bit weights, as ggml's Q4_0 lays it out: blocks of 32 weights of one row, 18 bytes each. A block is a
 * half-precision scale and 16 bytes; byte i holds weight i in its low four bits and weight i + 16 in its high ones. A
 * weight is (four bits - 8) × scale.
 *
 * It gives its weights in the two forms onnxruntime computes with: as they are, or rounded to 8 bits.
 */
import { AppError } from '@frontdesk/core';

/** Weights per scale. */
export const BLOCK = 32;
export const BLOCK_BYTES = 2 + BLOCK / 2;
/** What the four bits of a weight of 0 are: also what onnxruntime takes for it where nothing else is said. */
const ZERO = 8;

/**
 * Rounded weights stay within ±63: where a processor adds two products of 8 bits in 16 (AVX2 without VNNI), larger ones
 * overflow, and the same text would get another vector on another machine.
 */
const LARGEST = 63;

export class FourBitMatrix {
  private readonly blocks: number;

  /** `bytes` are the blocks, row by row; throws `data_loss` for a number of them that does not fit. */
  constructor(
    readonly rows: number,
    readonly columns: number,
    private readonly bytes: Uint8Array,
  ) {
    this.blocks = (rows * columns) / BLOCK;
    if (columns % BLOCK !== 0 || bytes.length !== this.blocks * BLOCK_BYTES)
      throw new AppError('data_loss', `${bytes.length} bytes are no 4-bit matrix of ${rows} × ${columns}.`);
  }

  /** One above the other: matrices of like width that multiply the same vector. */
  static stack(matrices: readonly FourBitMatrix[]): FourBitMatrix {
    const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
    return new FourBitMatrix(rows, matrices[0]!.columns, Buffer.concat(matrices.map(({ bytes }) => bytes)));
  }

  /**
   * Nothing is rounded: two weights a byte in the order of the row, the earlier in the low bits. `weights` are
   * Uint8Array[rows × columns / 2], `scales` Float32Array[rows × columns / 32].
   */
  exact(): { readonly weights: Uint8Array; readonly scales: Float32Array } {
    const weights = new Uint8Array((this.rows * this.columns) / 2);
    for (let block = 0, at = 0; block < this.blocks; block++) {
      const from = block * BLOCK_BYTES + 2;
      for (let i = 0; i < BLOCK / 2; i += 2, at++) {
        const [one, other] = [this.bytes[from + i]!, this.bytes[from + i + 1]!];
        weights[at] = (one & 15) | ((other & 15) << 4);
        weights[at + BLOCK / 4] = (one >> 4) | (other & 240);
      }
      at += BLOCK / 4;
    }
    return { weights, scales: this.scales() };
  }

  /**
   * Each row rounded to whole numbers with one scale. `weights` are transposed, Int8Array[columns × rows], as a vector
   * is multiplied from the left; `scales` are Float32Array[rows].
   */
  rounded(): { readonly weights: Int8Array; readonly scales: Float32Array } {
    const { rows, columns } = this;
    const weights = new Int8Array(rows * columns);
    const scales = new Float32Array(rows);
    const scaleOf = this.scales();
    const values = new Float32Array(columns);
    for (let row = 0; row < rows; row++) {
      this.read(row, scaleOf, values);
      scales[row] = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST || 1;
      const scale = scales[row]!;
      for (let column = 0; column < columns; column++)
        weights[column * rows + row] = Math.round(values[column]! / scale);
    }
    return { weights, scales };
  }

  private read(row: number, scales: Float32Array, into: Float32Array): void {
    const first = (row * this.columns) / BLOCK;
    for (let block = first, at = 0; at < this.columns; block++, at += BLOCK) {
      const scale = scales[block]!;
      for (let i = 0; i < BLOCK / 2; i++) {
        const pair = this.bytes[block * BLOCK_BYTES + 2 + i]!;
        into[at + i] = ((pair & 15) - ZERO) * scale;
        into[at + i + BLOCK / 2] = ((pair >> 4) - ZERO) * scale;
      }
    }
  }

  /** Throws `data_loss` for a scale that is no number. */
  private scales(): Float32Array {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const scales = new Float32Array(this.blocks);
    for (let block = 0; block < this.blocks; block++) {
      const scale = view.getFloat16(block * BLOCK_BYTES, true);
      if (!Number.isFinite(scale))
        throw new AppError('data_loss', 'A 4-bit matrix has a scale that is no number.');
      scales[block] = scale;
    }
    return scales;
  }
}
