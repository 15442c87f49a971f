/**
 * multilingual-e5-small (Wang et al., 2024, arXiv:2402.05672) from a file of 4-bit weights to a graph onnxruntime runs
 * fast: the BERT encoder (Devlin et al., 2019) with 8-bit products.
 *
 * Feeds `input_ids` and `attention_mask`, int64 [batch, tokens]; fetches `last_hidden_state`, float [batch, tokens,
 * hidden]. The state after layer n, counted from 1, is the value `layer.n` inside the graph.
 *
 * Promises: the same bytes from the same file, in every process; sentence vectors at a cosine of 0.995 or more to those
 * of the exact 4-bit weights.
 */
import { GraphBuilder, ONNXRUNTIME } from '../graph/graph-builder.js';
import { E5Q4File, type E5Shape } from './e5-q4-file.js';
import { BLOCK, FourBitMatrix } from './four-bit-matrix.js';

/**
 * Layers, counted from 1, whose inner states have values a hundred times as large as the others. Rounded with one scale
 * for all, the others would come to nothing: half of the whole error is made here. So there the weights stay exact and
 * every 32 states have a scale, which takes 4 % more time in all.
 */
const LAYERS_OF_WIDE_RANGE: ReadonlySet<number> = new Set([5, 6]);

/** Products of 8 bits within blocks of states; `accuracy_level` of MatMulNBits. */
const PRODUCTS_OF_8_BITS = 4;

/** As in TensorDef.data_type. */
const INT32 = 6;

/** Throws `data_loss` for what is not a whole file of this format. */
export function convertE5Q4(bytes: Uint8Array): Uint8Array {
  const file = new E5Q4File(bytes);
  const { hidden, layers } = file.shape;
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', 'int64', ['batch', 'tokens']);
  const mask = graph.input('attention_mask', 'int64', ['batch', 'tokens']);
  const network = new Network(graph, file, mask);
  let states = network.embed(ids);
  for (let layer = 1; layer <= layers; layer++) states = network.layer(layer, states);
  graph.output('last_hidden_state', states, 'float', ['batch', 'tokens', hidden]);
  return graph.build();
}

class Network {
  private readonly shape: E5Shape;
  private readonly visible: string;
  /** Query, key and value of a token stand side by side. */
  private readonly thirds: string;

  constructor(
    private readonly graph: GraphBuilder,
    private readonly file: E5Q4File,
    private readonly mask: string,
  ) {
    this.shape = file.shape;
    const third = BigInt(this.shape.hidden);
    this.visible = graph.node('Cast', [mask], { to: INT32 });
    this.thirds = graph.constant(BigInt64Array.of(third, third, third), [3]);
  }

  /** Word, position and type of each token. */
  embed(ids: string): string {
    const { vocabulary, hidden, positions, tokenTypes } = this.shape;
    const { weights, scales } = this.file.matrix('emb.word', vocabulary, hidden).exact();
    const words = this.own(
      'GatherBlockQuantized',
      [
        this.graph.constant(weights, [vocabulary, hidden / 2]),
        ids,
        this.graph.constant(scales, [vocabulary, hidden / BLOCK]),
      ],
      { bits: 4, block_size: BLOCK, gather_axis: 0, quantize_axis: 1 },
    );

    // A text is of one type, the first: its vector is the same for every position.
    const type = this.file.floats('emb.type', tokenTypes * hidden);
    const places = this.file.floats('emb.pos', positions * hidden).map((x, i) => x + type[i % hidden]!);
    const one = this.graph.constant(BigInt64Array.of(1n), []);
    const place = this.graph.node('Sub', [this.graph.node('CumSum', [this.mask, one]), one]);
    const placed = this.graph.node('Gather', [this.graph.constant(places, [positions, hidden]), place]);
    return this.normaliseSum([words, placed], 'emb.ln');
  }

  /** Attention, then the feed-forward part, each added to what came in. */
  layer(number: number, states: string): string {
    const { hidden, inner, heads } = this.shape;
    const of = (part: string) => `l${number - 1}.${part}`;
    const parts = ['q', 'k', 'v'].map(of);
    const queryKeyValue = this.multiply(
      states,
      FourBitMatrix.stack(parts.map((part) => this.file.matrix(`${part}.w`, hidden, hidden))),
      Float32Array.from(parts.flatMap((part) => [...this.file.floats(`${part}.b`, hidden)])),
    );
    const split = ['query', 'key', 'value'].map((name) => `layer.${number}/${name}`);
    this.graph.node('Split', [queryKeyValue, this.thirds], { axis: 2 }, { outputs: split });
    const attended = this.own('MultiHeadAttention', [...split, '', this.visible], { num_heads: heads });
    const attention = this.linear(attended, of('ao'), hidden, hidden);
    const middle = this.normaliseSum([states, attention], of('aln'));

    const widened = this.own('Gelu', [this.linear(middle, of('fi'), inner, hidden)]);
    const wideRange = LAYERS_OF_WIDE_RANGE.has(number);
    const narrowed = wideRange
      ? this.multiplyExactly(widened, of('fo'), hidden, inner)
      : this.linear(widened, of('fo'), hidden, inner);
    return this.normaliseSum([middle, narrowed], of('oln'), `layer.${number}`);
  }

  private linear(states: string, name: string, rows: number, columns: number): string {
    const matrix = this.file.matrix(`${name}.w`, rows, columns);
    return this.multiply(states, matrix, this.file.floats(`${name}.b`, rows));
  }

  /** Both sides rounded to 8 bits: the states with one scale for all, the weights with one per output. */
  private multiply(states: string, matrix: FourBitMatrix, bias: Float32Array): string {
    const { rows, columns } = matrix;
    const { weights, scales } = matrix.rounded();
    return this.own('DynamicQuantizeMatMul', [
      states,
      this.graph.constant(weights, [columns, rows]),
      this.graph.constant(scales, [rows]),
      '',
      this.graph.constant(bias, [rows]),
    ]);
  }

  private multiplyExactly(states: string, name: string, rows: number, columns: number): string {
    const { weights, scales } = this.file.matrix(`${name}.w`, rows, columns).exact();
    return this.own(
      'MatMulNBits',
      [
        states,
        this.graph.constant(weights, [rows, columns / BLOCK, BLOCK / 2]),
        this.graph.constant(scales, [rows * (columns / BLOCK)]),
        '',
        '',
        this.graph.constant(this.file.floats(`${name}.b`, rows), [rows]),
      ],
      { N: rows, K: columns, bits: 4, block_size: BLOCK, accuracy_level: PRODUCTS_OF_8_BITS },
    );
  }

  /**
   * Layer normalisation (Ba et al., 2016, arXiv:1607.06450) of a sum. By `Sum`, for onnxruntime takes `Add` and what
   * follows together as SkipLayerNormalization, several times as slow as the two.
   */
  private normaliseSum(terms: readonly [string, string], name: string, output?: string): string {
    const { hidden, epsilon } = this.shape;
    const parameters = ['w', 'b'].map((part) =>
      this.graph.constant(this.file.floats(`${name}.${part}`, hidden), [hidden]),
    );
    return this.graph.node(
      'LayerNormalization',
      [this.graph.node('Sum', terms), ...parameters],
      { axis: -1, epsilon: { float: epsilon } },
      output === undefined ? {} : { outputs: [output] },
    );
  }

  /** An operator of onnxruntime's own. */
  private own(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
  ): string {
    return this.graph.node(operator, inputs, attributes, { domain: ONNXRUNTIME });
  }
}
