/** What an encoder is opened with, asked and answers. */
import type { Pooling } from './pooled-graph.js';

export interface EncoderFiles extends Pooling {
  /** "model@revision": vectors of different ids are never compared. */
  readonly id: string;
  /** The ONNX file. */
  readonly model: Uint8Array;
  /** The tokenizer.json. */
  readonly tokenizer: Uint8Array;
  /** Longest input in tokens; what is longer is cut. */
  readonly maxTokens: number;
  /** Written before a text, as in training. */
  readonly prefixes: { readonly query: string; readonly passage: string };
}

export interface EncoderOptions {
  /** Threads, each with a session and a copy of the model of its own. */
  readonly threads: number;
  /** Texts that are encoded together at most. */
  readonly maxBatch: number;
  /** How long the first text of a batch waits for others while a thread is idle, in microseconds; whole milliseconds. */
  readonly maxWaitMicros: number;
  /** Texts that may wait. */
  readonly maxQueue: number;
}

export interface EncodeOptions {
  readonly purpose: 'query' | 'passage';
  /** Milliseconds since the epoch. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Whether `features` are wanted too. */
  readonly features?: boolean;
}

export interface Encoding {
  /** Float32Array[dimension], of length 1. */
  readonly vector: Float32Array;
  /** Float32Array[(layers + 1) × dimension]; empty when not asked for. */
  readonly features: Float32Array;
  /** Tokens of the text, special ones included. */
  readonly tokens: number;
  readonly truncated: boolean;
}

export interface EncoderStats {
  readonly waiting: number;
  readonly batches: number;
  readonly texts: number;
  /** Refused because too many waited, or it would have been too late. */
  readonly refused: number;
}
