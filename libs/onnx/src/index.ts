export { GraphBuilder, ONNXRUNTIME } from './graph/graph-builder.js';
export type { Attribute, Axis, Constant, ElementType } from './graph/graph-builder.js';
export { GraphSession } from './engine/graph-session.js';
export type { SessionOptions } from './engine/graph-session.js';
export type { Tensor, Tensors } from './engine/tensors.js';
export { PERMISSIVE_LICENCES } from './models/licence.js';
export { MODEL_FILE, TOKENIZER_FILE, readManifests } from './models/manifest.js';
export type { ModelFile, ModelManifest } from './models/manifest.js';
export { ModelStore } from './models/model-store.js';
export type { FileState, ModelStoreOptions } from './models/model-store.js';
export { EMBEDDING, FEATURES, withPooling } from './encoder/pooled-graph.js';
export type { Pooling } from './encoder/pooled-graph.js';
export { Encoder } from './encoder/encoder.js';
export type {
  EncoderFiles,
  EncoderOptions,
  EncoderStats,
  EncodeOptions,
  Encoding,
} from './encoder/encoding.js';
