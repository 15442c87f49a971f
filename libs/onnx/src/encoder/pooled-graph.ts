/**
 * An encoder's graph with its pooling appended: one pass gives the embedding, and on request the features, instead of
 * the states of every token.
 */
import { GraphBuilder } from '../graph/graph-builder.js';

export interface Pooling {
  /** How token states become one vector: that of the first token, or the mean over the attention mask. */
  readonly pooling: 'cls' | 'mean';
  readonly dimension: number;
  /** Names of hidden states inside the graph, each [batch, tokens, dimension], early to late. */
  readonly layers: readonly string[];
}

/** Float [batch, dimension], of length 1. */
export const EMBEDDING = 'embedding';
/** Float [batch, (layers + 1) × dimension]: the mean of each layer, then the first token of the last state. */
export const FEATURES = 'features';

/** Throws `data_loss` for what is no model file. */
export function withPooling(model: Uint8Array, { pooling, dimension, layers }: Pooling): Uint8Array {
  const graph = GraphBuilder.extend(model);
  const last = graph.outputs[0]!;
  const mask = graph.node('Cast', ['attention_mask'], { to: FLOAT });
  const perToken = graph.node('Reshape', [mask, graph.constant(BigInt64Array.of(0n, -1n, 1n), [3])]);
  const shareOfTokens = graph.node('ReduceMean', [mask], { axes: [1], keepdims: 1 });
  const mean = (states: string) => {
    const kept = graph.node('Mul', [states, perToken]);
    const sum = graph.node('ReduceMean', [kept], { axes: [1], keepdims: 0 });
    return graph.node('Div', [sum, shareOfTokens]);
  };
  const first = graph.node('Gather', [last, graph.constant(BigInt64Array.of(0n), [])], { axis: 1 });
  const pooled = pooling === 'cls' ? first : mean(last);
  const embedding = graph.node('LpNormalization', [pooled], { axis: 1, p: 2 });
  graph.output(EMBEDDING, embedding, 'float', ['batch', dimension]);
  if (layers.length > 0) {
    const features = graph.node('Concat', [...layers.map(mean), first], { axis: 1 });
    graph.output(FEATURES, features, 'float', ['batch', (layers.length + 1) * dimension]);
  }
  return graph.build();
}

/** As in TensorDef.data_type. */
const FLOAT = 1;
