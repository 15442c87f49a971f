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
  const usage = usageOf(demo.pid!);
  const used = usage
    ? `${usage.cpuSeconds.toFixed(1)} s of CPU   ${Math.round(usage.memoryMb)} MB`
    : '(CPU and memory are only told on Linux)';
  process.stdout.write(
    `  ${name.padEnd(44)} ${seconds.toFixed(1)} s   ${used}   (goals: 6 s warm, 600 MB in all its processes)\n`,
  );
  demo.removeAllListeners('exit');
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
}

interface Usage {
  /** Pages that several processes share are shared out among them (PSS). */
  readonly memoryMb: number;
  /** Of all threads, since the start. */
  readonly cpuSeconds: number;
}

/** Of a process and its children; undefined where there is no /proc to tell. */
function usageOf(pid: number): Usage | undefined {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13);
    const own = { memoryMb: Number(pss?.[1]) / 1_024, cpuSeconds: (Number(user) + Number(system)) / 100 };
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
      .filter(Boolean)
      .map((child) => usageOf(Number(child)))
      .reduce<Usage>(
        (sum, part) => ({
          memoryMb: sum.memoryMb + (part?.memoryMb ?? 0),
          cpuSeconds: sum.cpuSeconds + (part?.cpuSeconds ?? 0),
        }),
        own,
      );
  } catch {
    return undefined;
  }
}
