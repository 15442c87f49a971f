/** The figures as Markdown, on the screen and between the markers of the README, where each run replaces the last. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Measure } from './sets.ts';

const README = new URL('../../README.md', import.meta.url);
const MARKERS = ['<!-- eval-nlu -->', '<!-- /eval-nlu -->'] as const;

export type Row = readonly string[];

export function table(header: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

export function percent(value: number | undefined): string {
  return value === undefined ? '' : (value * 100).toFixed(1);
}

const NAMES: Readonly<Record<Measure, string>> = {
  accuracy: 'accuracy',
  macroF1: 'macro-F1',
  recallAt5: 'out-of-scope recall',
};

/** What was wanted and by how much it is met or missed, in points of a hundred. */
export function verdict(
  goals: Readonly<Partial<Record<Measure, number>>>,
  reached: Readonly<Partial<Record<Measure, number | undefined>>>,
): string {
  return (Object.keys(goals) as Measure[])
    .map((measure) => {
      const over = (reached[measure] ?? 0) - goals[measure]!;
      const difference = `${over < 0 ? '−' : '+'}${percent(Math.abs(over))}`;
      return `${NAMES[measure]} ≥ ${percent(goals[measure])}: ${over < 0 ? '**missed**' : 'met'} (${difference})`;
    })
    .join('; ');
}

export function keepInReadme(markdown: string): void {
  const [open, close] = MARKERS;
  const readme = readFileSync(README, 'utf8');
  const [from, to] = [readme.indexOf(open), readme.indexOf(close)];
  if (from < 0 || to < from)
    throw new Error(`services/nlu/README.md has lost its markers ${MARKERS.join(' ')}.`);
  writeFileSync(README, `${readme.slice(0, from + open.length)}\n\n${markdown}\n\n${readme.slice(to)}`);
}
