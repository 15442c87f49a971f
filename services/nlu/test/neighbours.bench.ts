// CPU of the neighbours' vote for one utterance, by how many examples a bot has: labels grow, each with 100 examples.
// Only the labels that come into question are searched, so the ratio must stay near 1.
import { Neighbours } from '../dist/neural/neighbours.js';
import { leastMicroseconds } from './least-microseconds.ts';

const DIMENSION = 384;
const PER_LABEL = 100;
const ROUNDS = 200;

const vectorOf = (seed: number) =>
  Float32Array.from({ length: DIMENSION }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));

function bankOf(labels: number): Neighbours {
  const answers = Array.from({ length: labels * PER_LABEL }, (_, i) => i % labels);
  return Neighbours.of(
    answers.map((_, i) => vectorOf(i)),
    answers,
    labels,
  );
}

const sizes = [5, 50, 500];
const query = vectorOf(0.5);
const measured = leastMicroseconds(
  Object.fromEntries(
    sizes.map((labels) => {
      const bank = bankOf(labels);
      return [
        labels,
        () => {
          for (let i = 0; i < ROUNDS; i++) bank.vote(query, [0, 1, 2, 3, 4]);
        },
      ];
    }),
  ),
);
const micros = (labels: number) => measured[String(labels)]! / ROUNDS;
console.table(
  sizes.map((labels) => ({
    examples: labels * PER_LABEL,
    'CPU µs per vote': micros(labels).toFixed(0),
    'against the smallest': (micros(labels) / micros(sizes[0]!)).toFixed(2),
  })),
);
