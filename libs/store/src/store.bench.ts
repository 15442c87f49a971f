/**
 * CPU time of a tenant transaction in the calling process, beside bare `pg` in the same interleaved run.
 *
 *     tsc -b libs/store && DATABASE_URL=postgres://… node libs/store/src/store.bench.ts [rounds]
 *
 * Prints µs per transaction of one indexed SELECT, the least of all rounds: on a shared machine the least is what the
 * code costs and the rest is the neighbours. `pg` is BEGIN, SELECT, COMMIT; `pg, same settings` also binds the role,
 * the tenant and the time-out, as every transaction of the mesh does.
 */
import { Pool } from 'pg';
import { runInContext } from '@frontdesk/core';
import { openDatabase } from '@frontdesk/store';

const rounds = Number(process.argv[2] ?? 20);
const TRANSACTIONS = 1_000;
const IN_FLIGHT = 10;

const url = process.env['DATABASE_URL'];
if (!url) throw new Error('Set DATABASE_URL to a PostgreSQL server.');

const database = await openDatabase({
  url,
  service: 'store_bench',
  migrations: [new URL('../test/migrations/', import.meta.url)],
  poolSize: IN_FLIGHT,
});
const pool = new Pool({ connectionString: url, max: IN_FLIGHT });

const bare = (begin: string) => async () => {
  const client = await pool.connect();
  await client.query(begin);
  await client.query('SELECT * FROM store_bench.notes WHERE id = $1', ['a']);
  await client.query('COMMIT');
  client.release();
};
const settings =
  "BEGIN;SET LOCAL search_path = store_bench, frontdesk, public;SET LOCAL statement_timeout = 9000;SET LOCAL frontdesk.tenant = 'a';SET LOCAL ROLE frontdesk_app";
const ours = () =>
  runInContext({ requestId: 'r', tenantId: 't' }, () =>
    database.transaction((tx) => tx.query('SELECT * FROM notes WHERE id = $1', ['a'])),
  );

const contestants: [string, () => Promise<unknown>][] = [
  ['pg', bare('BEGIN')],
  ['pg, same settings', bare(settings)],
  ['Database', ours],
];
const least = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, transact] of contestants) {
    const before = process.cpuUsage();
    for (let i = 0; i < TRANSACTIONS; i += IN_FLIGHT) {
      await Promise.all(Array.from({ length: IN_FLIGHT }, transact));
    }
    const { user, system } = process.cpuUsage(before);
    least.set(name, Math.min(least.get(name) ?? Infinity, (user + system) / TRANSACTIONS));
  }
}
for (const [name, cpu] of least) console.log(`${name.padEnd(20)} ${cpu.toFixed(1).padStart(7)} µs CPU`);

await database.close();
await pool.end();
