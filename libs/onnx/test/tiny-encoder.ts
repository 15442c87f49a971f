/** An encoder so small that its vectors can be computed by hand: a table of words, and a text's sum added to each of its tokens. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { GraphBuilder, type EncoderFiles } from '../src/index.js';

export const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'where',
  'is',
  'my',
  'order',
  'ask',
  'tell',
  '订',
  '单',
];
export const DIMENSION = 3;
export const MAX_TOKENS = 16;

/** Row `id` of the table; that of padding is large, so that one that leaks in is seen. */
export function rowOf(id: number): number[] {
  return id === 0 ? [1_000, -1_000, 500] : [id, (id * id) % 7, 1 / id];
}

/**
 * `early` is a token's row, `last_hidden_state` is that plus the sum of the rows of the text. `steps` are products
 * which change nothing and take about 0.2 ms each: time in which a thread is busy.
 */
export function tinyEncoder(changes: Partial<EncoderFiles> = {}, steps = 0): EncoderFiles {
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', 'int64', ['batch', 'tokens']);
  const mask = graph.input('attention_mask', 'int64', ['batch', 'tokens']);
  graph.input('token_type_ids', 'int64', ['batch', 'tokens']);
  const table = graph.constant(Float32Array.from(WORDS.flatMap((_, id) => rowOf(id))), [
    WORDS.length,
    DIMENSION,
  ]);
  const early = graph.node('Gather', [table, ids], { axis: 0 }, { outputs: ['early'] });
  const weights = graph.node('Cast', [mask], { to: 1 });
  const perText = graph.node('Unsqueeze', [weights, graph.constant(BigInt64Array.of(1n), [1])]);
  const last = graph.node('Add', [early, graph.node('MatMul', [perText, early])]);
  const output = graph.node('Mul', [last, oneAfter(graph, weights, steps)]);
  graph.output('last_hidden_state', output, 'float', ['batch', 'tokens', DIMENSION]);
  return {
    id: 'tiny@1',
    model: graph.build(),
    tokenizer: new TextEncoder().encode(JSON.stringify(TOKENIZER)),
    pooling: 'mean',
    dimension: DIMENSION,
    layers: [],
    maxTokens: MAX_TOKENS,
    prefixes: { query: '', passage: '' },
    ...changes,
  };
}

const WIDTH = 1_024;

/** [batch, 1, 1] of ones: each step averages ones. */
function oneAfter(graph: GraphBuilder, weights: string, steps: number): string {
  const index = graph.constant(BigInt64Array.of(0n), [1]);
  const first = graph.node('Gather', [weights, index], { axis: 1 });
  let ones = graph.node('Mul', [first, graph.constant(new Float32Array(WIDTH).fill(1), [1, WIDTH])]);
  const average = graph.constant(new Float32Array(WIDTH * WIDTH).fill(1 / WIDTH), [WIDTH, WIDTH]);
  for (let step = 0; step < steps; step++) ones = graph.node('MatMul', [ones, average]);
  const one = graph.node('Gather', [ones, index], { axis: 1 });
  return graph.node('Unsqueeze', [one, graph.constant(BigInt64Array.of(2n), [1])]);
}

const special = (id: number) => ({
  id,
  content: WORDS[id],
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** In the format of tokenizer.json. */
const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [0, 1, 2, 3].map(special),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
};

/** The threads that `open` starts, to be killed as the kernel would. */
export async function threadsOf<Opened>(open: () => Promise<Opened>): Promise<[Opened, Worker[]]> {
  const workers: Worker[] = [];
  const started = (message: unknown) => workers.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', started);
  try {
    return [await open(), workers];
  } finally {
    unsubscribe('worker_threads', started);
  }
}
