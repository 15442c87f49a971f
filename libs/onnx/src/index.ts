export { GraphBuilder, ONNXRUNTIME } from './graph/graph-builder.js';
export type { Attribute, Axis, Constant, ElementType } from './graph/graph-builder.js';
export { GraphSession } from './engine/graph-session.js';
export type { SessionOptions, Tensor, Tensors } from './engine/graph-session.js';
