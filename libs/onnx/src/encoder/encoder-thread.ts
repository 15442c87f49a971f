/** The thread of an encoder: texts come in, vectors go out. `encoder.ts` starts and asks it. */
import { Tokenizer } from '@huggingface/tokenizers';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { openSession } from '../engine/open-session.ts';
import { serveThread, type Served } from '../engine/serve-thread.ts';

export interface OpenOrder {
  readonly task: 'open';
  /** With pooling appended. */
  readonly model: Uint8Array;
  readonly tokenizer: Uint8Array;
  readonly maxTokens: number;
  readonly threads: number;
}

export interface EncodeOrder {
  readonly task: 'encode';
  readonly texts: readonly string[];
  /** Names of the outputs that are wanted, the embedding first. */
  readonly outputs: readonly string[];
}

export interface EncodedBatch {
  /** By output: Float32Array[texts × length]. */
  readonly vectors: readonly Float32Array[];
  /** Per text, special ones included; more than `maxTokens` when it was cut. */
  readonly tokens: readonly number[];
}

/** No token of any vocabulary is longer on average; more characters cannot be among the first tokens. */
const CHARACTERS_PER_TOKEN = 16;

let session: InferenceSession;
let tokenizer: Tokenizer;
let maxTokens: number;

serveThread<OpenOrder | EncodeOrder>(async (order): Promise<Served> => {
  if (order.task === 'open') {
    tokenizer = new Tokenizer(JSON.parse(new TextDecoder().decode(order.tokenizer)), {});
    session = await openSession(order.model, order.threads);
    maxTokens = order.maxTokens;
    return { answer: {} };
  }
  const rows = order.texts.map(tokensOf);
  const results = await session.run(feedsOf(rows.map(cut)), [...order.outputs]);
  const vectors = order.outputs.map((name) => results[name]!.data as Float32Array);
  const isCut = (text: string) => text.length > maxTokens * CHARACTERS_PER_TOKEN;
  const tokens = rows.map((row, i) => (isCut(order.texts[i]!) ? maxTokens + 1 : row.length));
  const answer: EncodedBatch = { vectors, tokens };
  return { answer, moved: vectors.map(({ buffer }) => buffer as ArrayBuffer) };
});

/** Half a surrogate pair is no character and becomes U+FFFD, as it would in UTF-8. */
function tokensOf(text: string): number[] {
  const readable = text.slice(0, maxTokens * CHARACTERS_PER_TOKEN).toWellFormed();
  return tokenizer.encode(readable).ids;
}

/** The first tokens, and the one that ends every text. */
function cut(row: readonly number[]): readonly number[] {
  return row.length <= maxTokens ? row : [...row.slice(0, maxTokens - 1), row.at(-1)!];
}

function feedsOf(rows: readonly (readonly number[])[]): Record<string, Tensor> {
  const width = Math.max(...rows.map((row) => row.length));
  const dims = [rows.length, width];
  const ids = new BigInt64Array(rows.length * width);
  const mask = new BigInt64Array(ids.length);
  rows.forEach((row, i) =>
    row.forEach((id, j) => {
      ids[i * width + j] = BigInt(id);
      mask[i * width + j] = 1n;
    }),
  );
  const feeds: Record<string, Tensor> = {
    input_ids: new Tensor('int64', ids, dims),
    attention_mask: new Tensor('int64', mask, dims),
  };
  if (session.inputNames.includes('token_type_ids'))
    feeds['token_type_ids'] = new Tensor('int64', new BigInt64Array(ids.length), dims);
  return feeds;
}
