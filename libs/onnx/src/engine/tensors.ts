/** Arrays with a shape, as they are fed to a graph and come out of it. */

export interface Tensor {
  readonly data: Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;
  readonly dims: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** What can be moved to another thread instead of being copied. */
export function buffersOf(tensors: Tensors): ArrayBuffer[] {
  return Object.values(tensors).map(({ data }) => data.buffer as ArrayBuffer);
}
