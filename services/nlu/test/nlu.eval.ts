/**
 * How well nlu understands, and what that costs: prints a table per task and keeps them in the README. The demo shop's
 * held-out utterances always; public sets from the folder which EVAL_DATASETS names; `EVAL_ONLY=banking77,clinc150`
 * picks some, and leaves the README as it is.
 *
 *     make eval-nlu EVAL_DATASETS=<folder>
 */
import { openLog, readConfig } from '@frontdesk/runtime';
import { NluConfig } from '../dist/config.js';
import { Encoders } from '../dist/neural/encoders.js';
import { LANGUAGE_HEADER, languageRows, REQUESTS_HEADER, requestRows } from './eval/messages.ts';
import { FEELINGS_HEADER, feelingRows, feelingSources, isThere as isFelt } from './eval/feelings.ts';
import { isThere, shop, sources, type IntentSet } from './eval/sets.ts';
import { keepInReadme, percent, table, verdict, type Row } from './eval/table.ts';
import { measure, train, type Figures, type Tier } from './eval/tiers.ts';

const folder = process.env['EVAL_DATASETS'] ?? '';
const only = process.env['EVAL_ONLY']?.split(',');
const wanted = (name: string) => !only || only.includes(name);
const skipped: string[] = [];
const progress = (what: string) =>
  process.stderr.write(`${(process.uptime() / 60).toFixed(1).padStart(5)} min  ${what}\n`);

const encoders = new Encoders(readConfig(NluConfig, process.env), openLog('nlu', 'error'));

const HEADER: Row = [
  'set',
  'read by',
  'accuracy',
  'macro-F1',
  'calibration error',
  'out-of-scope recall at 5 % rejection',
  'rejected / found as set',
  'encoder runs',
  'CPU ms',
  'latency ms',
];

function rowOf(set: IntentSet, tier: Tier, figures: Figures): Row {
  const { accuracy, macroF1, calibrationError, recallAt5, rejected, found, encoded } = figures;
  return [
    tier === 'lexical' ? set.title : '',
    tier,
    ...[accuracy, macroF1, calibrationError, recallAt5].map(percent),
    `${percent(rejected)}${found === undefined ? '' : ` / ${percent(found)}`}`,
    percent(encoded),
    figures.cpuMs.toFixed(3),
    figures.latencyMs.toFixed(2),
  ];
}

/** Points lost by the cascade, and the share of the encoder's CPU that is left. */
function cascadeOf(figures: ReadonlyMap<Tier, Figures>): string {
  const [neural, cascade] = [figures.get('neural'), figures.get('cascade')];
  if (!neural || !cascade) return '';
  return `${percent(cascade.cpuMs / neural.cpuMs)} % CPU, ${((neural.accuracy - cascade.accuracy) * 100).toFixed(1)} points`;
}

async function evaluateIntents(): Promise<string[]> {
  const rows: Row[] = [];
  const goals: Row[] = [];
  for (const source of sources) {
    if (!wanted(source.name)) continue;
    if (!isThere(source, folder)) {
      skipped.push(source.name);
      continue;
    }
    for (const set of source.read(folder)) {
      const [first] = set.splits;
      progress(
        `${set.title}: ${first!.train.length} examples, ${set.splits.length} × ${first!.test.length} tested`,
      );
      const figures = await measure(set, encoders);
      for (const [tier, each] of figures) rows.push(rowOf(set, tier, each));
      const best = figures.get('neural') ?? figures.get('lexical')!;
      goals.push([set.title, verdict(set.goals, best), set.published, cascadeOf(figures)]);
    }
  }
  return rows.length === 0
    ? []
    : [
        table(HEADER, rows),
        table(['set', 'goal with an encoder', 'published', 'cascade, against every message encoded'], goals),
      ];
}

async function evaluateFeelings(): Promise<string[]> {
  const rows: Row[] = [];
  for (const source of feelingSources.filter(({ name }) => wanted(name))) {
    if (!isFelt(source, folder)) {
      skipped.push(source.name);
      continue;
    }
    const set = source.read(folder);
    progress(`${set.title}: ${set.train.length} examples, ${set.test.length} tested`);
    rows.push(...(await feelingRows(set, encoders)));
  }
  return rows.length > 0 ? [table(FEELINGS_HEADER, rows)] : [];
}

const parts = [...(await evaluateIntents()), ...(await evaluateFeelings())];
if (wanted('requests')) {
  progress('messages with two requests');
  const [set] = shop();
  const model = await train(set!, set!.splits[0]!, encoders);
  parts.push(table(REQUESTS_HEADER, await requestRows(model, encoders)));
}
if (wanted('language')) parts.push(table(LANGUAGE_HEADER, languageRows(folder)));
await encoders.onModuleDestroy();
if (skipped.length > 0) parts.push(`Skipped, for EVAL_DATASETS holds no such set: ${skipped.join(', ')}.`);

const markdown = parts.join('\n\n');
process.stdout.write(`${markdown}\n`);
if (folder && !only) keepInReadme(markdown);
if (wanted('pii')) await import('./pii.eval.ts');
progress('done');
