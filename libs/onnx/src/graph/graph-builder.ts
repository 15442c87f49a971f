/**
 * Composes ONNX graphs, or goes on from an existing one: a loss with its gradient, or an encoder with its pooling and
 * heads appended, so that one pass gives them all. Values are known by name; a node's first output is named by the
 * builder unless names are given.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as file from '@frontdesk/contracts/onnx/v1/model_file';
import { AppError } from '@frontdesk/core';

export type ElementType = 'float' | 'uint8' | 'int8' | 'int32' | 'int64';

/** A number, or a name for an axis of any length. */
export type Axis = number | string;

export type Attribute = number | string | readonly number[] | { readonly float: number };

export type Constant = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

const TYPES: Readonly<Record<ElementType, number>> = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 };
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const;

/** Standard operators of 2022: the first set with LayerNormalization; onnxruntime's own ones have a single version. */
const OPERATORS = 17n;
const IR_VERSION = 8n;
export const ONNXRUNTIME = 'com.microsoft';

export class GraphBuilder {
  private readonly graph: file.GraphDef;
  private named: number;

  constructor(
    private readonly model: file.ModelFile = create(file.ModelFileSchema, {
      irVersion: IR_VERSION,
      producerName: 'frontdesk',
      graph: { name: 'frontdesk' },
      opsetImport: [{ domain: '', version: OPERATORS }],
    }),
  ) {
    if (!model.graph) throw new AppError('data_loss', 'The model file holds no graph.');
    this.graph = model.graph;
    // A file composed here has names up to at most this one.
    this.named = this.graph.node.length + this.graph.initializer.length;
  }

  /** The graph of a file, to which nodes and outputs can be added. Throws `data_loss` for what is no model file. */
  static extend(model: Uint8Array): GraphBuilder {
    try {
      return new GraphBuilder(fromBinary(file.ModelFileSchema, model));
    } catch (cause) {
      throw new AppError('data_loss', 'The file is no ONNX model.', { cause });
    }
  }

  get inputs(): string[] {
    return this.graph.input.map(({ name }) => name);
  }

  /** Names of the outputs. */
  get outputs(): string[] {
    return this.graph.output.map(({ name }) => name);
  }

  /** Version of the standard operators the graph may use. */
  get operators(): number {
    return Number(this.model.opsetImport.find(({ domain }) => domain === '')?.version ?? 0n);
  }

  input(name: string, type: ElementType, axes: readonly Axis[]): string {
    this.graph.input.push(valueInfo(name, type, axes));
    return name;
  }

  /** Numbers that belong to the graph. */
  constant(data: Constant, dims: readonly number[], name = this.nextName('constant')): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dataType = TYPES[typeOf(data)];
    this.graph.initializer.push(
      create(file.TensorDefSchema, { name, dataType, dims: dims.map(BigInt), rawData }),
    );
    return name;
  }

  /** A whole number is an int attribute; `{ float: 1 }` says that a float is meant. Returns the first output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { outputs, domain = '' }: { readonly outputs?: readonly string[]; readonly domain?: string } = {},
  ): string {
    const output = outputs ?? [this.nextName(operator)];
    if (domain !== '' && !this.model.opsetImport.some((set) => set.domain === domain))
      this.model.opsetImport.push(create(file.OperatorSetSchema, { domain, version: 1n }));
    this.graph.node.push(
      create(file.NodeDefSchema, {
        opType: operator,
        domain,
        input: [...inputs],
        output: [...output],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return output[0]!;
  }

  /** Makes a value one that is fetched, under the given name. */
  output(name: string, value: string, type: ElementType, axes: readonly Axis[]): void {
    this.node('Identity', [value], {}, { outputs: [name] });
    this.graph.output.push(valueInfo(name, type, axes));
  }

  build(): Uint8Array {
    return toBinary(file.ModelFileSchema, this.model);
  }

  private nextName(what: string): string {
    return `frontdesk/${what}_${this.named++}`;
  }
}

function typeOf(data: Constant): ElementType {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'uint8';
}

function valueInfo(name: string, type: ElementType, axes: readonly Axis[]): file.ValueInfo {
  const dim = axes.map((axis) => ({
    length:
      typeof axis === 'number'
        ? { case: 'dimValue' as const, value: BigInt(axis) }
        : { case: 'dimParam' as const, value: axis },
  }));
  return create(file.ValueInfoSchema, {
    name,
    type: { tensorType: { elemType: TYPES[type], shape: { dim } } },
  });
}

function attribute(name: string, value: Attribute): file.AttributeDef {
  if (typeof value === 'string')
    return create(file.AttributeDefSchema, {
      name,
      type: ATTRIBUTE.text,
      s: new TextEncoder().encode(value),
    });
  if (typeof value === 'object' && 'float' in value)
    return create(file.AttributeDefSchema, { name, type: ATTRIBUTE.float, f: value.float });
  if (typeof value === 'object')
    return create(file.AttributeDefSchema, { name, type: ATTRIBUTE.ints, ints: value.map(BigInt) });
  return Number.isInteger(value)
    ? create(file.AttributeDefSchema, { name, type: ATTRIBUTE.int, i: BigInt(value) })
    : create(file.AttributeDefSchema, { name, type: ATTRIBUTE.float, f: value });
}
