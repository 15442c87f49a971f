import { minimise, type Objective } from './lbfgs.js';

/** Σ scale_i (x_i − target_i)² */
function bowl(scales: readonly number[], target: readonly number[]) {
  let evaluations = 0;
  const objective: Objective = (at) => {
    evaluations++;
    const apart = at.map((x, i) => x - target[i]!);
    return Promise.resolve({
      value: apart.reduce((sum, distance, i) => sum + scales[i]! * distance ** 2, 0),
      gradient: apart.map((distance, i) => 2 * scales[i]! * distance),
    });
  };
  return { objective, evaluations: () => evaluations };
}
const limits = { iterations: 100, tolerance: 1e-12 };

describe('minimise', () => {
  it('finds the bottom of a bowl', async () => {
    const { objective } = bowl([1, 3], [2, -5]);
    const found = await minimise(objective, new Float64Array(2), limits);
    expect(found[0]).toBeCloseTo(2, 5);
    expect(found[1]).toBeCloseTo(-5, 5);
  });

  it('finds it where one direction is a million times as steep', async () => {
    const { objective } = bowl([1e-3, 1, 1e3], [4, 5, 6]);
    const found = await minimise(objective, new Float64Array(3), limits);
    [4, 5, 6].forEach((target, i) => expect(found[i]).toBeCloseTo(target, 3));
  });

  it('goes down a bent valley (Rosenbrock)', async () => {
    const rosenbrock: Objective = ([x, y]) =>
      Promise.resolve({
        value: (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
        gradient: Float64Array.of(-2 * (1 - x!) - 400 * x! * (y! - x! ** 2), 200 * (y! - x! ** 2)),
      });
    const [x, y] = await minimise(rosenbrock, Float64Array.of(-1.2, 1), limits);
    expect(x).toBeCloseTo(1, 4);
    expect(y).toBeCloseTo(1, 4);
  });

  it('stays at the optimum it starts from, at the cost of one look', async () => {
    const { objective, evaluations } = bowl([1, 1], [1, 2]);
    expect(await minimise(objective, Float64Array.of(1, 2), limits)).toEqual(Float64Array.of(1, 2));
    expect(evaluations()).toBe(1);
  });

  it('is not stopped by a short first step far from the optimum', async () => {
    const { objective } = bowl([1, 1], [1_000, 0]);
    const [x] = await minimise(objective, new Float64Array(2), { iterations: 15, tolerance: 1e-2 });
    expect(x).toBeCloseTo(1_000, 3);
  });
});
