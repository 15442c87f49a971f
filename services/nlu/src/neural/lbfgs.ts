/**
 * Limited-memory BFGS (Nocedal, 1980; Liu and Nocedal, 1989): finds where a smooth convex function is smallest from
 * its values and gradients. The function may be asynchronous: the heavy part runs elsewhere.
 */

export interface Objective {
  /** The value at `at`, and its gradient, of the same length. The caller does not keep `at`. */
  (at: Float64Array): Promise<{ readonly value: number; readonly gradient: Float64Array }>;
}

export interface Limits {
  readonly iterations: number;
  /** Ends when the last steps together improve the value by less than this share of it. */
  readonly tolerance: number;
}

/** Steps remembered for the curvature. */
const MEMORY = 8;
/** A step must win at least this share of what the slope promises (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 12;
/** The first step is short, for want of a curvature: what a single one wins says nothing about what is left to win. */
const STEPS_JUDGED = 3;

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

export async function minimise(
  objective: Objective,
  start: Float64Array,
  { iterations, tolerance }: Limits,
): Promise<Float64Array> {
  let at = start.slice();
  let { value, gradient } = await objective(at);
  const memory: Correction[] = [];
  const values = [value];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = quasiNewton(gradient, memory);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    // Without curvature the length of the gradient says nothing about the length of a good step.
    let length = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = await tried(objective, at, direction, length);
    for (let i = 0; i < MOST_HALVINGS && !(next.value <= value + SUFFICIENT * length * slope); i++) {
      length /= 2;
      next = await tried(objective, at, direction, length);
    }
    if (!(next.value < value)) break;
    const step = subtract(next.at, at);
    const change = subtract(next.gradient, gradient);
    const curvature = dot(step, change);
    if (curvature > 1e-12) memory.push({ step, change, curvature });
    if (memory.length > MEMORY) memory.shift();
    ({ at, value, gradient } = next);
    values.push(value);
    const earlier = values.at(-1 - STEPS_JUDGED);
    if (earlier !== undefined && earlier - value < tolerance * Math.abs(value)) break;
  }
  return at;
}

async function tried(objective: Objective, from: Float64Array, direction: Float64Array, length: number) {
  const at = new Float64Array(from.length);
  for (let i = 0; i < at.length; i++) at[i] = from[i]! + length * direction[i]!;
  return { at, ...(await objective(at)) };
}

/** Minus the gradient, turned and stretched by the remembered curvature: the two-loop recursion. */
function quasiNewton(gradient: Float64Array, memory: readonly Correction[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, curvature } of memory.toReversed()) {
    const share = dot(step, direction) / curvature;
    shares.push(share);
    addTo(direction, change, -share);
  }
  const newest = memory.at(-1);
  if (newest) scale(direction, newest.curvature / dot(newest.change, newest.change));
  for (const { step, change, curvature } of memory) {
    addTo(direction, step, shares.pop()! - dot(change, direction) / curvature);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function addTo(target: Float64Array, addend: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * addend[i]!;
}

function scale(target: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! *= factor;
}
