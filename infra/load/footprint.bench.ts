// What the demo needs: disk for a clean install, memory, and time from the start to the first answer.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const disk = execFileSync('du', ['-sm', join(root, 'node_modules')], { encoding: 'utf8' }).split('\t')[0];
process.stdout.write(`\nFootprint\n  installed packages on disk                   ${disk} MB   (goal 600)\n`);

const folder = mkdtempSync(join(tmpdir(), 'frontdesk-footprint-'));
await run('first start, with seeding');
await run('second start');

async function run(name: string): Promise<void> {
  const [http, grpc, admin] = [await freePort(), await freePort(), await freePort()];
  const startedAt = performance.now();
  const demo = spawn(process.execPath, [join(root, 'infra/demo/demo.ts')], {
    env: {
      ...process.env,
      DEMO_DIR: folder,
      PORT: String(http),
      GRPC_PORT: String(grpc),
      ADMIN_PORT: String(admin),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    demo.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      if (output.includes('Ctrl-C stops it')) resolve();
    });
    demo.once('exit', () => reject(new Error(`the demo ended:\n${output}`)));
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stdout.write(
    `  ${name.padEnd(44)} ${seconds.toFixed(1)} s   ${memoryOf(demo.pid!)} MB in all its processes   (goals: 6 s warm, 600 MB)\n`,
  );
  demo.removeAllListeners('exit');
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
}

/** Memory of a process and its children in MB; pages that several processes share are shared out among them (PSS). */
function memoryOf(pid: number): number | string {
  try {
    const pages = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return (
      Math.round(Number(pages?.[1] ?? 0) / 1_024) +
      children.map((child) => Number(memoryOf(Number(child)))).reduce((sum, part) => sum + part, 0)
    );
  } catch {
    return '(only measured on Linux)';
  }
}
