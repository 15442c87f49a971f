/**
 * The real servers which tests run against: PostgreSQL with pgvector, Redis and Apache Kafka, each a
 * process on a free loopback port with its data under `.servers/`. `up` leaves their addresses in
 * `.servers/env.json`. A test which kills or freezes a server starts a private one with `startX`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerUrl, dockerRuns, startContainer, stopContainer } from './docker.ts';
import { startKafka } from './kafka.ts';
import { openToOthers, serversDir } from './places.ts';
import { startPostgres, superuserUrl } from './postgres.ts';
import { findRunning, freePort } from './process.ts';
import { startRedis } from './redis.ts';

export { freePort, startKafka, startPostgres, startRedis };
export type { RunningServer } from './process.ts';

const STARTERS = { postgres: startPostgres, redis: startRedis, kafka: startKafka };
type Name = keyof typeof STARTERS;
const NAMES = Object.keys(STARTERS) as Name[];

const USAGE = `Usage: node infra/local/servers/servers.ts <command>
  up              start what does not run yet, installing what is missing
  down [--wipe]   stop all; --wipe also deletes their data
  status          say what runs
  run -- <cmd>    up, run a command, stop what this run started; exits as the command did
Data and env.json are in .servers/, or where FRONTDESK_SERVERS_DIR says.
A server which cannot be had is reported and left out; with CI=true that is an error.`;

interface Outcome {
  readonly name: Name;
  readonly state: 'running' | 'started' | 'stopped' | 'missing';
  readonly detail: string;
}

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (command === 'up') return complete(await up()) ? 0 : 1;
  if (command === 'run' && rest[0] === '--' && rest[1]) return runWithServers(rest[1], rest.slice(2));
  if (command === 'status') {
    report(NAMES.map((name) => describe(name)));
    return 0;
  }
  if (command === 'down' && (rest.length === 0 || rest[0] === '--wipe')) {
    await down(NAMES);
    if (rest[0] === '--wipe') NAMES.forEach(wipe);
    return 0;
  }
  console.log(USAGE);
  return command === '--help' ? 0 : 2;
}

async function up(): Promise<readonly Outcome[]> {
  const outcomes = await Promise.all(NAMES.map(ensure));
  report(outcomes);
  recordAddresses();
  return outcomes;
}

async function down(names: readonly Name[]): Promise<void> {
  const outcomes = await Promise.all(
    names.map(async (name): Promise<Outcome> => {
      const before = urlOf(name);
      await findRunning(dirOf(name))?.stop();
      if (containerUrl(name)) await stopContainer(name);
      return { name, state: 'stopped', detail: before ? `was at ${withoutPassword(before)}` : 'did not run' };
    }),
  );
  report(outcomes);
  recordAddresses();
}

async function runWithServers(command: string, args: readonly string[]): Promise<number> {
  const outcomes = await up();
  const started = outcomes.filter(({ state }) => state === 'started').map(({ name }) => name);
  try {
    return complete(outcomes) ? await exitCodeOf(command, args) : 1;
  } finally {
    if (started.length > 0) await down(started);
  }
}

async function ensure(name: Name): Promise<Outcome> {
  const running = urlOf(name);
  if (running) return { name, state: 'running', detail: `at ${withoutPassword(running)}` };
  const since = performance.now();
  try {
    const url = await start(name);
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    return { name, state: 'started', detail: `in ${seconds} s at ${withoutPassword(url)}` };
  } catch (error) {
    return { name, state: 'missing', detail: (error as Error).message };
  }
}

async function start(name: Name): Promise<string> {
  try {
    const { url } = await STARTERS[name](dirOf(name), await freePort());
    return url;
  } catch (error) {
    if (!dockerRuns()) throw error;
    console.log(`${name}: ${(error as Error).message}\nStarting it in Docker instead …`);
    return startContainer(name);
  }
}

const dirOf = (name: Name): string => join(serversDir(), name);
const urlOf = (name: Name): string | undefined => findRunning(dirOf(name))?.url ?? containerUrl(name);
const complete = (outcomes: readonly Outcome[]): boolean =>
  process.env['CI'] !== 'true' || outcomes.every(({ state }) => state !== 'missing');

function describe(name: Name): Outcome {
  const url = urlOf(name);
  return url
    ? { name, state: 'running', detail: `at ${withoutPassword(url)}` }
    : { name, state: 'stopped', detail: '' };
}

/** Writes the addresses of what runs now; removes the file when nothing does. */
function recordAddresses(): void {
  const file = join(serversDir(), 'env.json');
  const [postgres, redis, kafka] = [urlOf('postgres'), urlOf('redis'), urlOf('kafka')];
  if (!postgres && !redis && !kafka) return rmSync(file, { force: true });
  const addresses = {
    DATABASE_URL: postgres,
    POSTGRES_SUPERUSER_URL: postgres && superuserUrl(postgres),
    REDIS_URL: redis,
    KAFKA_BROKERS: kafka,
  };
  mkdirSync(serversDir(), { recursive: true });
  writeFileSync(file, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 });
}

function wipe(name: Name): void {
  for (const dir of new Set([dirOf(name), openToOthers(dirOf(name))]))
    rmSync(dir, { recursive: true, force: true });
}

function report(outcomes: readonly Outcome[]): void {
  for (const { name, state, detail } of outcomes)
    console.log(`${name.padEnd(9)} ${state.padEnd(8)} ${detail}`);
}

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':…@');

function exitCodeOf(command: string, args: readonly string[]): Promise<number> {
  // Ctrl-C reaches the command too, which ends first; the servers are stopped after it.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
