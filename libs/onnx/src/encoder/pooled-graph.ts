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
  // A matrix product reads the same in every set of operators; a sum over an axis does not.
  const shares = graph.node('LpNormalization', [mask], { axis: 1, p: 1 });
  const weights = graph.node('Reshape', [shares, graph.constant(BigInt64Array.of(0n, 1n, -1n), [3])]);
  const flat = graph.constant(BigInt64Array.of(0n, -1n), [2]);
  const mean = (states: string) => graph.node('Reshape', [graph.node('MatMul', [weights, states]), flat]);
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
