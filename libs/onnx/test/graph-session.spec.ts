/** Graphs written by us and run by onnxruntime. */
import { GraphBuilder, GraphSession } from '../src/index.js';

/** y = x · w + b over any number of rows. */
function linear(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', ['rows', 2]);
  const w = graph.constant(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const b = graph.constant(Float32Array.of(10, 20), [2]);
  graph.output('y', graph.node('Add', [graph.node('MatMul', [x, w]), b]), 'float', ['rows', 2]);
  return graph;
}

const rows = (...values: number[]) => ({
  x: { data: Float32Array.from(values), dims: [values.length / 2, 2] },
});

describe('a graph session', () => {
  const open: GraphSession[] = [];
  const opened = async (model: Uint8Array) => {
    const session = await GraphSession.open(model);
    open.push(session);
    return session;
  };
  afterAll(() => Promise.all(open.map((session) => session.close())));

  it('runs what the builder composed', async () => {
    const session = await opened(linear().build());
    const { y } = await session.run(rows(1, 0, 0, 1));
    expect([...y!.data]).toEqual([11, 22, 13, 24]);
    expect(y!.dims).toEqual([2, 2]);
  });

  it('runs a graph that goes on from a file, with the old outputs and the new ones in one pass', async () => {
    const graph = GraphBuilder.extend(linear().build());
    expect([graph.inputs, graph.outputs]).toEqual([['x'], ['y']]);
    graph.output('best', graph.node('ArgMax', ['y'], { axis: 1, keepdims: 0 }), 'int64', ['rows']);
    const session = await opened(graph.build());
    const all = await session.run(rows(1, 0, 20, -10));
    expect([...all['y']!.data]).toEqual([11, 22, 0, 20]);
    expect([...all['best']!.data]).toEqual([1n, 1n]);
    expect(Object.keys(await session.run(rows(1, 0), ['best']))).toEqual(['best']);
  });

  it('keeps feeds for later runs', async () => {
    const graph = new GraphBuilder();
    const product = graph.node('Mul', [graph.input('a', 'float', [2]), graph.input('b', 'float', [2])]);
    graph.output('product', product, 'float', [2]);
    const session = await opened(graph.build());
    await session.keep({ a: { data: Float32Array.of(2, 3), dims: [2] } });
    for (const factor of [1, 10]) {
      const { product } = await session.run({ b: { data: Float32Array.of(factor, factor), dims: [2] } });
      expect([...product!.data]).toEqual([2 * factor, 3 * factor]);
    }
  });

  it('says what is wrong with a file or a feed, and goes on', async () => {
    await expect(GraphSession.open(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    const session = await opened(linear().build());
    await expect(session.run({ x: { data: Float32Array.of(1), dims: [1, 1] } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('dimension') as string,
    });
    await expect(session.run({})).rejects.toMatchObject({ code: 'invalid_argument' });
    expect([...(await session.run(rows(0, 0)))['y']!.data]).toEqual([10, 20]);
  });

  it('takes arrays once, since they move, and says so', async () => {
    const session = await opened(linear().build());
    const feeds = rows(1, 0);
    await session.run(feeds);
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect([...(await session.run(rows(0, 0)))['y']!.data]).toEqual([10, 20]);
  });

  it('fails what waits when it is closed, and everything after', async () => {
    const session = await GraphSession.open(linear().build());
    const running = Promise.allSettled([session.run(rows(1, 1)), session.run(rows(1, 1))]);
    await session.close();
    for (const outcome of await running)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'unavailable' });
    await expect(session.run(rows(1, 1))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('takes no file for a model that is none', () => {
    expect(() => GraphBuilder.extend(new TextEncoder().encode('<html>not found</html>'))).toThrow(
      expect.objectContaining({ code: 'data_loss' }) as Error,
    );
  });
});
