// `make bench`: every benchmark in turn, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

const benches: Readonly<Record<string, string>> = {
  pii: 'libs/core/src/pii.bench.ts',
  entities: 'services/nlu/test/entities.bench.ts',
  neighbours: 'services/nlu/test/neighbours.bench.ts',
  intent: 'services/nlu/test/intent.bench.ts',
  rpc: 'libs/rpc/src/rpc.bench.ts',
  gateway: 'infra/load/gateway.bench.ts',
  turn: 'infra/load/turn.bench.ts',
  store: 'libs/store/src/store.bench.ts',
  events: 'libs/events/src/events.bench.ts',
  encoder: 'libs/onnx/src/encoder/encoder.bench.ts',
  knowledge: 'services/knowledge/test/knowledge.bench.ts',
  footprint: 'infra/load/footprint.bench.ts',
};

const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !benches[name]);
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`There is no benchmark ${unknown.join(', ')}.\n`);
  process.stdout.write(
    `Usage: node infra/load/bench.ts [${Object.keys(benches).join(' | ')}] ...   (all of them by default)\n`,
  );
  process.exit(unknown.length > 0 ? 1 : 0);
}

// Benchmarks of real servers use those that `node infra/local/servers/servers.ts up` started.
const serversFile = `${root}/.servers/env.json`;
const servers = existsSync(serversFile)
  ? (JSON.parse(readFileSync(serversFile, 'utf8')) as Record<string, string>)
  : {};

let failed = false;
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  process.stdout.write(`\n# ${name}\n`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=TimeoutNegativeWarning',
      `${root}/${benches[name]}`,
    ],
    {
      cwd: root,
      env: { ...servers, ...process.env },
      stdio: 'inherit',
    },
  );
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
