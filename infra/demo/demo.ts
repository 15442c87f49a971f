// `make demo`: the whole mesh in one process with embedded stores, a shop to talk to, and everything needed to try it.
//
// Promises: needs nothing that runs already; a second start keeps its data and keys; Ctrl-C leaves nothing behind;
// whatever stands in the way is said in one sentence.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mesh } from '@frontdesk/all';
import { MeshProcess } from '@frontdesk/runtime';
import { startShop } from '../local/shop/server.ts';
import { readKeys } from './keys.ts';
import { seed } from './seed.ts';

const usage = `The Frontdesk demo: a bilingual web shop with every service in one process.

Usage: make demo     or     node infra/demo/demo.ts [--help]

  PORT (8080)  GRPC_PORT (9090)  ADMIN_PORT (9100)   ports on 127.0.0.1
  DEMO_DIR (.demo)                                    data and keys; delete the folder to start afresh
  MODELS_DIR (.models)                                model files, which "make models" fetches
  LLM_URL, LLM_MODEL, LLM_API_KEY                     any OpenAI-compatible engine, e.g. http://127.0.0.1:11434/v1
`;

const host = '127.0.0.1';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(usage);

  const startedAt = performance.now();
  const ports = {
    PORT: port('PORT', 8080),
    GRPC_PORT: port('GRPC_PORT', 9090),
    ADMIN_PORT: port('ADMIN_PORT', 9100),
  };
  if (new Set(Object.values(ports)).size < 3)
    throw new Error('PORT, GRPC_PORT and ADMIN_PORT must be three different ports.');
  for (const [name, number] of Object.entries(ports)) await insistOnFree(name, number);

  const folder = resolve(process.env['DEMO_DIR'] || '.demo');
  makeFolder(folder);
  const keysFile = join(folder, 'keys.json');
  const keys = readKeys(keysFile);
  const shop = await startShop({ port: 0 });

  say('Starting the mesh …');
  const running = await MeshProcess.start(mesh, {
    environment: {
      ...process.env,
      NODE_ENV: 'development',
      BIND_HOST: host,
      ...Object.fromEntries(Object.entries(ports).map(([name, number]) => [name, String(number)])),
      DATABASE_URL: `pglite:${join(folder, 'data')}`,
      KEY_VALUE_URL: 'memory:',
      EVENTS_URL: 'memory:',
      LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn',
      PLATFORM_API_KEY: keys.platform,
      DEMO_KEYS_FILE: keysFile,
      BOTS_DIR: fileURLToPath(new URL('bots', import.meta.url)),
      DEFAULT_BOT: 'shop',
      ORDERS_URL: shop.url,
    },
  });
  const stop = once(async () => {
    say('\nStopping …');
    await running.stop();
    await shop.close();
    process.exit(0);
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const base = `http://${host}:${ports.PORT}`;
  const { channel, agent, admin } = await seed(base, keys, keysFile, say);
  const understanding = await understandingOf(base, admin);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`
Frontdesk is ready (${seconds} s).

  Chat            ${base}/
  Agent desk      ${base}/agent
  API             ${base}/docs     gRPC ${host}:${ports.GRPC_PORT}     metrics http://${host}:${ports.ADMIN_PORT}/metrics

  Channel key     ${channel}
  Agent key       ${agent}
  Admin key       ${admin}
  (all in ${keysFile})

Try it:

  curl -s ${base}/v1/chat/completions -H 'Authorization: Bearer ${channel}' -H 'Content-Type: application/json' \\
    -d '{"model":"shop","user":"demo-customer","messages":[{"role":"user","content":"Where is my order A1001?"}]}'

${understanding}
${process.env['LLM_URL'] ? `Answers may be written by ${process.env['LLM_MODEL'] ?? 'the model'} of LLM_URL.` : 'No language model is configured (LLM_URL), so answers come from the knowledge base, flows and people.'}
Ctrl-C stops it.`);
}

/** Whether the shop's bot reads with encoders, and what to do if not. */
async function understandingOf(base: string, adminKey: string): Promise<string> {
  const answer = await fetch(`${base}/v1/nlu/models?bot=shop`, {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  const { models } = (await answer.json()) as { models: { active: boolean; encoders: string[] }[] };
  const encoders = models.find(({ active }) => active)?.encoders ?? [];
  return encoders.length > 0
    ? `Messages are understood with ${encoders.map((encoder) => encoder.split('@')[0]).join(' and ')}.`
    : `No model files are in ${process.env['MODELS_DIR'] || '.models'}, so messages are understood from n-grams alone: "make models" fetches them.`;
}

function port(name: string, fallback: number): number {
  const given = process.env[name];
  const number = given ? Number(given) : fallback;
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new Error(`${name} must be a port from 1 to 65535, not "${given}".`);
  return number;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(
      `DEMO_DIR: the folder ${folder} cannot be made (${(error as NodeJS.ErrnoException).code}). Choose another.`,
    );
  }
}

async function insistOnFree(name: string, number: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${number} is in use. Stop what runs there (another demo?), or choose another: ${name}=${number + 1} make demo`,
            )
          : error,
      ),
    );
    probe.listen(number, host, done);
  });
  await new Promise((done) => probe.close(done));
}

function once(action: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    action().catch(fail);
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
