/**
 * A neural head as bytes for the database, and back. Layout, little-endian: the magic number with the format's
 * version, the length of the header, the header (JSON, padded to four bytes), then the arrays in the order of `parts`,
 * each padded to four bytes. A reader refuses a version it does not know; the bot is then trained anew.
 */
import { AppError } from '@frontdesk/core';
import { Dense } from '../neural/dense.js';
import { Neighbours } from '../neural/neighbours.js';
import type { Ballot } from './ballot.js';
import { Head } from './head.js';

/** "FDH" and the version. */
const MAGIC = 0x46444801;

interface Header {
  readonly encoder: string;
  readonly dimension: number;
  readonly width: number;
  readonly rows: number;
  readonly ballot: Ballot;
  readonly threshold: number;
  readonly sure: number;
}

/** `rehearsal` is the layer of the first fold: the next training goes on from it. */
export interface StoredHead {
  readonly head: Head;
  readonly rehearsal: Dense;
}

export function encodeHead({ head, rehearsal }: StoredHead): Uint8Array {
  const { encoder, dense, neighbours, ballot, threshold, sure } = head;
  const { dimension, width } = dense;
  const rows = neighbours.starts[width]!;
  const header: Header = { encoder, dimension, width, rows, ballot, threshold: finite(threshold), sure };
  const json = Buffer.from(JSON.stringify(header));
  const opening = Buffer.alloc(8);
  opening.writeUInt32LE(MAGIC, 0);
  opening.writeUInt32LE(json.length, 4);
  const parts = [dense.weights, rehearsal.weights, neighbours.centre, neighbours.starts, neighbours.rows];
  return Buffer.concat([opening, padded(json), ...parts.map((part) => padded(bytesOf(part)))]);
}

/** Throws `data_loss` when the bytes are of another format or cut short. */
export function decodeHead(bytes: Uint8Array): StoredHead {
  // A copy of its own starts at offset 0, which the four-byte arrays need.
  const { buffer } = Uint8Array.from(bytes);
  const view = new DataView(buffer);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw unreadable();
  const length = view.getUint32(4, true);
  const header = JSON.parse(Buffer.from(buffer, 8, length).toString()) as Header;
  const { encoder, dimension, width, rows, ballot, threshold, sure } = header;
  const weights = (dimension + 1) * width;
  const sizes = [weights * 4, weights * 4, dimension * 4, (width + 1) * 4, rows * dimension];
  const starts: number[] = [];
  let at = 8 + ceil(length);
  for (const size of sizes) {
    starts.push(at);
    at += ceil(size);
  }
  if (bytes.length !== at) throw unreadable();
  const floats = (part: number) => new Float32Array(buffer, starts[part]!, sizes[part]! / 4);
  const neighbours = new Neighbours(
    dimension,
    floats(2),
    new Int8Array(buffer, starts[4]!, sizes[4]!),
    new Uint32Array(buffer, starts[3]!, width + 1),
  );
  const dense = new Dense(dimension, width, floats(0));
  return {
    head: new Head(encoder, dense, neighbours, ballot, threshold, sure),
    rehearsal: new Dense(dimension, width, floats(1)),
  };
}

/** JSON knows no infinity. */
function finite(threshold: number): number {
  return Math.max(threshold, -Number.MAX_VALUE);
}

function ceil(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], ceil(bytes.length));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array | Int8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function unreadable(): AppError {
  return new AppError('data_loss', 'The stored head cannot be read by this version: train the bot again.');
}
