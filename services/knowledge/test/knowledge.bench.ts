/**
 * One search in a tenant's corpus of 300, 3,000 and 30,000 articles, beside PostgreSQL's own full text search over the
 * same terms in the same interleaved run.
 *
 *     tsc -b services/knowledge && DATABASE_URL=postgres://… node services/knowledge/test/knowledge.bench.ts [rounds]
 *
 * Prints CPU µs of this process per operation and, because a database works in a process of its own, the time that
 * passes too; the least of all rounds. `asking first` reads the tenant's revision before every search, as
 * KNOWLEDGE_STALE_MS=0 does. Without DATABASE_URL only the embedded database is measured.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { runInContext, systemClock } from '@frontdesk/core';
import { openDatabase, type Database } from '@frontdesk/store';
import { ArticleImport } from '../dist/articles/article-import.js';
import type { Draft } from '../dist/articles/article.js';
import { KnowledgeConfig } from '../dist/config.js';
import { Corpora } from '../dist/search/corpora.js';
import { Search } from '../dist/search/search.js';
import { tokenise } from '../dist/search/tokenise.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const rounds = Number(process.argv[2] ?? 5);
const SIZES = [300, 3_000, 30_000];
const SEARCHES = 50;
const IMPORT_ROWS = 5_000;

const shop = new URL('../../../infra/demo/bots/shop/', import.meta.url);
const read = (file: string) => parse(readFileSync(new URL(file, shop), 'utf8'));
type Texts = Pick<Draft, 'title' | 'questions' | 'answer'>;
const articles = readdirSync(new URL('articles/', shop)).flatMap(
  (file) => read(`articles/${file}`).articles as Record<string, Texts>[],
);
const questions = (read('questions.yaml').questions as { text: string; locale: string }[]).filter(
  (_, i) => i % 5 === 0,
);

/** As many articles as wanted, each of one demo article's words with another one's questions; half of them Chinese. */
function corpus(size: number): Draft[] {
  return Array.from({ length: size }, (_, i) => {
    const locale = i % 2 ? 'en' : 'zh';
    const [one, other] = [
      articles[i % articles.length]![locale]!,
      articles[(i * 7 + 3) % articles.length]![locale]!,
    ];
    return {
      title: `${one.title} ${i}`,
      questions: [...one.questions.slice(0, 2), ...other.questions.slice(0, 1)],
      answer: one.answer,
      ...{ locale, tags: [], validFrom: undefined, validTo: undefined, externalId: `${i}` },
    };
  });
}

interface Cost {
  readonly cpu: number;
  readonly passed: number;
}

async function costOf(operations: number, run: () => Promise<unknown>): Promise<Cost> {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / operations, passed: ((performance.now() - start) * 1_000) / operations };
}

async function measure(database: Database, size: number): Promise<Record<string, Cost>> {
  const inTenant = <T>(work: () => Promise<T>) =>
    runInContext({ requestId: 'bench', tenantId: `t${size}` }, work);
  const config = (staleMs: number) =>
    new KnowledgeConfig({
      KNOWLEDGE_PASSAGES_PER_TENANT: 1e9,
      KNOWLEDGE_PASSAGES_IN_MEMORY: 1e9,
      KNOWLEDGE_STALE_MS: staleMs,
    } as never);
  const corpora = new Corpora(database, config(60_000));
  const drafts = corpus(size);
  const importer = new ArticleImport(database, corpora, config(0));
  const costs: Record<string, Cost> = {};
  costs['import, per article'] = await costOf(size, async () => {
    for (let i = 0; i < size; i += IMPORT_ROWS)
      await inTenant(() => importer.import(drafts.slice(i, i + IMPORT_ROWS)));
  });
  await inTenant(() => fillFullText(database, drafts));

  const search = new Search(corpora, systemClock);
  const [first] = questions;
  const before = memoryUsed();
  costs['first search, per article'] = await costOf(size, () =>
    inTenant(() => search.search({ query: first!.text, locale: 'zh', limit: 5 })),
  );
  console.log(`${size} articles hold about ${Math.round((memoryUsed() - before) / size / 1024)} KB each`);

  const subjects: Record<string, (query: string, locale: string) => Promise<unknown>> = {
    search: (query, locale) => search.search({ query, locale, limit: 5 }),
    'search, asking first': (query, locale) => {
      corpora.outdated(`t${size}`);
      return search.search({ query, locale, limit: 5 });
    },
    'full text in the database': (query) => fullText(database, query),
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(subjects)) {
      const cost = await costOf(SEARCHES, () =>
        inTenant(async () => {
          for (let i = 0; i < SEARCHES; i++) {
            const { text, locale } = questions[i % questions.length]!;
            await run(text, locale);
          }
        }),
      );
      const least = costs[name] ?? cost;
      costs[name] = { cpu: Math.min(least.cpu, cost.cpu), passed: Math.min(least.passed, cost.passed) };
    }
  }
  return costs;
}

function memoryUsed(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function fillFullText(database: Database, drafts: readonly Draft[]): Promise<void> {
  for (let i = 0; i < drafts.length; i += 500) {
    const rows = drafts.slice(i, i + 500).map((draft, j) => {
      const terms = [draft.title, ...draft.questions, draft.answer].flatMap((text) => [
        ...tokenise(text).keys(),
      ]);
      return { id: `${i + j}`, terms };
    });
    await database.transaction((tx) =>
      tx.query(
        `INSERT INTO full_text (id, terms)
         SELECT r.id, array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(r.terms)))
         FROM jsonb_to_recordset($1::jsonb) AS r(id text, terms jsonb)`,
        [JSON.stringify(rows)],
      ),
    );
  }
}

function fullText(database: Database, query: string): Promise<unknown> {
  const any = [...tokenise(query).keys()].map((term) => `'${term}'`).join(' | ');
  return database.transaction((tx) =>
    tx.query(
      `SELECT id, ts_rank(terms, $1::tsquery) AS rank FROM full_text WHERE terms @@ $1::tsquery ORDER BY rank DESC LIMIT 48`,
      [any],
    ),
  );
}

async function bench(name: string, url: string): Promise<void> {
  const migrations = [new URL('../migrations/', import.meta.url), new URL('migrations/', import.meta.url)];
  const database = await openDatabase({ url, service: 'knowledge_bench', migrations });
  try {
    for (const size of SIZES) {
      const costs = await measure(database, size);
      console.log(`${name}, ${size.toLocaleString('en')} articles${' '.repeat(20)}µs CPU  µs passed`);
      for (const [what, { cpu, passed }] of Object.entries(costs)) {
        console.log(`  ${what.padEnd(32)} ${cpu.toFixed(0).padStart(10)} ${passed.toFixed(0).padStart(10)}`);
      }
      await runInContext({ requestId: 'bench', tenantId: `t${size}` }, () =>
        database.transaction(async (tx) => {
          for (const table of ['articles', 'corpora', 'full_text']) await tx.query(`DELETE FROM ${table}`);
        }),
      );
    }
  } finally {
    await database.close();
  }
}

await bench('embedded', 'pglite:memory');
const url = process.env['DATABASE_URL'];
if (url) await bench('PostgreSQL', url);
else console.log('DATABASE_URL is not set: PostgreSQL skipped');
