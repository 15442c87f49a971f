/**
 * The heads of one encoder as bytes for the database, and back. Layout, little-endian: the magic number with the
 * format's version, the length of the header, the header (JSON, padded to four bytes), the weights of the emotion
 * layer, those of the sentiment layer. A reader refuses a version it does not know; the bot is then trained anew.
 */
import { AppError } from '@frontdesk/core';
import { Dense } from '../neural/dense.js';
import { EmotionHead, type EmotionWeights } from './emotion-head.js';
import type { EmotionHeads } from './emotion-model.js';

/** "FDE" and the version. */
const MAGIC = 0x46444501;
const TASKS = ['emotion', 'sentiment'] as const;

interface Header {
  readonly dimension: number;
  readonly heads: readonly { readonly width: number; readonly weights: EmotionWeights }[];
}

export function encodeHeads(heads: EmotionHeads): Uint8Array {
  const inOrder = TASKS.map((task) => heads[task]);
  const header: Header = {
    dimension: heads.emotion.dense.dimension,
    heads: inOrder.map(({ dense: { width }, weights }) => ({ width, weights })),
  };
  const json = JSON.stringify(header);
  const opening = Buffer.alloc(8 + Math.ceil(json.length / 4) * 4, ' ');
  opening.writeUInt32LE(MAGIC, 0);
  opening.writeUInt32LE(opening.length - 8, 4);
  opening.write(json, 8, 'latin1');
  const layers = inOrder.map(({ dense: { weights } }) =>
    Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength),
  );
  return Buffer.concat([opening, ...layers]);
}

/** Throws `data_loss` when the bytes are of another format or cut short. */
export function decodeHeads(bytes: Uint8Array): EmotionHeads {
  // A copy of its own starts at offset 0, which the four-byte arrays need.
  const { buffer } = Uint8Array.from(bytes);
  const view = new DataView(buffer);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw unreadable();
  let at = 8 + view.getUint32(4, true);
  if (at > bytes.length) throw unreadable();
  const { dimension, heads } = JSON.parse(Buffer.from(buffer, 8, at - 8).toString('latin1')) as Header;
  const sizes = heads.map(({ width }) => (dimension + 1) * width);
  if (bytes.length !== at + 4 * sizes.reduce((sum, size) => sum + size, 0)) throw unreadable();
  const [emotion, sentiment] = heads.map(({ width, weights }, i) => {
    const layer = new Dense(dimension, width, new Float32Array(buffer, at, sizes[i]!));
    at += 4 * sizes[i]!;
    return new EmotionHead(layer, weights);
  });
  return { emotion: emotion!, sentiment: sentiment! };
}

function unreadable(): AppError {
  return new AppError(
    'data_loss',
    'The stored emotion head cannot be read by this version: train the bot again.',
  );
}
