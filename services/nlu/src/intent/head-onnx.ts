/**
 * Linear heads as ONNX, for whoever runs a bot's models elsewhere: a head alone, or an encoder with several, so that one
 * pass from tokens gives the embedding and what each head says. In INT8 the weights are a quarter as large; the text is
 * quantised as it comes. The n-grams and the neighbours of a `Head` are not part of it: on their own the linear voices
 * are somewhat less right than the service.
 */
import { EMBEDDING, type FEATURES, GraphBuilder, withPooling, type Pooling } from '@frontdesk/onnx';
import type { Dense } from '../neural/dense.js';

export interface NamedHead {
  /** Of its output: Float32[batch, labels], which sum to 1. */
  readonly name: string;
  readonly dense: Dense;
  /** What it was trained on: the embedding, or the features of several layers. */
  readonly reads: typeof EMBEDDING | typeof FEATURES;
}

export type Precision = 'fp32' | 'int8';

/** Name of the output of a head alone. */
export const PROBABILITIES = 'probabilities';

/** `embedding` Float32[batch, dimension] → `probabilities` Float32[batch, labels]. */
export function headGraph(dense: Dense, precision: Precision = 'fp32'): Uint8Array {
  const graph = new GraphBuilder();
  graph.input(EMBEDDING, 'float', ['batch', dense.dimension]);
  appendHead(graph, { name: PROBABILITIES, dense, reads: EMBEDDING }, precision);
  return graph.build();
}

/**
 * The inputs of `model` (tokens) → `embedding` Float32[batch, dimension] of length 1, `features` where `pooling` names
 * layers, and an output per head. Throws `data_loss` for what is no model file.
 */
export function encoderWithHeads(
  model: Uint8Array,
  pooling: Pooling,
  heads: readonly NamedHead[],
  precision: Precision = 'fp32',
): Uint8Array {
  const graph = GraphBuilder.extend(withPooling(model, pooling));
  for (const head of heads) appendHead(graph, head, precision);
  return graph.build();
}

function appendHead(graph: GraphBuilder, head: NamedHead, precision: Precision): void {
  const { name, dense } = head;
  const scores = precision === 'int8' ? quantisedScores(graph, head) : exactScores(graph, head);
  graph.output(name, graph.node('Softmax', [scores], { axis: 1 }), 'float', ['batch', dense.width]);
}

function exactScores(graph: GraphBuilder, { dense, reads }: NamedHead): string {
  const { dimension, width, weights } = dense;
  const matrix = graph.constant(weights.slice(0, dimension * width), [dimension, width]);
  return graph.node('Gemm', [reads, matrix, biasOf(graph, dense)]);
}

/** Dynamic quantisation: a scale per label for the weights, one of the batch for the text. */
function quantisedScores(graph: GraphBuilder, { name, dense, reads }: NamedHead): string {
  const { dimension, width } = dense;
  const { rows, scales } = quantise(dense);
  const [text, scale, zero] = [`${name}/text`, `${name}/scale`, `${name}/zero`];
  graph.node('DynamicQuantizeLinear', [reads], {}, { outputs: [text, scale, zero] });
  const sums = graph.node('MatMulInteger', [text, graph.constant(rows, [dimension, width]), zero]);
  const both = graph.node('Mul', [scale, graph.constant(scales, [width])]);
  const scaled = graph.node('Mul', [graph.node('Cast', [sums], { to: FLOAT }), both]);
  return graph.node('Add', [scaled, biasOf(graph, dense)]);
}

/** Weights within seven bits: processors without VNNI add two products in sixteen bits, which must not overflow. */
const LARGEST = 63;

function quantise({ dimension, width, weights }: Dense): { rows: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(width);
  for (let i = 0; i < dimension * width; i++)
    scales[i % width] = Math.max(scales[i % width]!, Math.abs(weights[i]!) / LARGEST);
  const rows = Int8Array.from({ length: dimension * width }, (_, i) =>
    Math.round(weights[i]! / (scales[i % width]! || 1)),
  );
  return { rows, scales };
}

function biasOf(graph: GraphBuilder, { dimension, width, weights }: Dense): string {
  return graph.constant(weights.slice(dimension * width), [width]);
}

/** As in TensorDef.data_type. */
const FLOAT = 1;
