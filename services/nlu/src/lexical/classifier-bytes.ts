/**
 * A classifier as bytes for the database, and back. Layout, little-endian: the magic number with the format's
 * version, the length of the header, the header (JSON, padded to four bytes), then n-gram hashes, inverse document
 * frequencies and weights. A reader refuses a version it does not know; the model is then trained anew.
 */
import { AppError } from '@frontdesk/core';
import { Classifier } from './classifier.js';
import { Vocabulary } from './vocabulary.js';

/** "FDC" and the version. */
const MAGIC = 0x46444301;

interface Header {
  readonly labels: readonly string[];
  readonly rows: number;
  readonly unseen: number;
  readonly temperature: number;
}

export function encodeClassifier({ labels, vocabulary, weights, temperature }: Classifier): Uint8Array {
  const header: Header = { labels, rows: vocabulary.size, unseen: vocabulary.unseen, temperature };
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 4) * 4;
  const bytes = Buffer.alloc(8 + padded, ' ');
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(padded, 4);
  json.copy(bytes, 8);
  return Buffer.concat([bytes, bytesOf(vocabulary.keys), bytesOf(vocabulary.idf), bytesOf(weights)]);
}

/** Throws `data_loss` when the bytes are of another format or cut short. */
export function decodeClassifier(bytes: Uint8Array): Classifier {
  // A copy of its own starts at offset 0, which the four-byte arrays need.
  const { buffer } = Uint8Array.from(bytes);
  const view = new DataView(buffer);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw unreadable();
  const padded = view.getUint32(4, true);
  const header = JSON.parse(Buffer.from(buffer, 8, padded).toString()) as Header;
  const { labels, rows, unseen, temperature } = header;
  const keysAt = 8 + padded;
  const idfAt = keysAt + rows * 4;
  const weightsAt = idfAt + rows * 4;
  if (bytes.length !== weightsAt + rows * labels.length * 4) throw unreadable();
  const keys = new Uint32Array(buffer, keysAt, rows);
  const idf = new Float32Array(buffer, idfAt, rows);
  const weights = new Float32Array(buffer, weightsAt, rows * labels.length);
  return new Classifier(labels, new Vocabulary(keys, idf, unseen), weights, temperature);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function unreadable(): AppError {
  return new AppError('data_loss', 'The stored model cannot be read by this version: train the bot again.');
}
