/**
 * One process per folder: two PGlites would lose each other's writes.
 *
 * Each contender first announces itself by a file `lock-<pid>-<start time>`, then looks for others: of two at least
 * the later one sees the other, so never do both hold the folder. What a killed process left behind is recognised,
 * even when its id is in use again. Holds among the processes of one machine, not across a network file system.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a holder that is just stopping is waited for. */
const PATIENCE_MS = 3_000;

/**
 * Creates the folder where needed; resolves to the release. Throws a sentence which names `owner`, the process to stop,
 * of the holder.
 */
export async function lockFolder(folder: string, owner: number): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const own = `lock-${process.pid}-${startOf(process.pid)}`;
  const release = (): void => rmSync(join(folder, own), { force: true });
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    writeFileSync(join(folder, own), `${owner}`);
    const holder = otherHolder(folder, own);
    if (holder === undefined) return release;
    release();
    if (Date.now() > giveUpAt) {
      throw new Error(
        `The folder ${folder} is in use by process ${holder}: stop it, or choose another folder.`,
      );
    }
    // Two that saw each other must not meet again.
    await sleep(20 + Math.random() * 80);
  }
}

/** The owner named by another live lock; dead locks are removed. */
function otherHolder(folder: string, own: string): string | undefined {
  for (const name of readdirSync(folder)) {
    const [, pid, start] = /^lock-(\d+)-(.+)$/.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    if (startOf(Number(pid)) === start) return readIfThere(join(folder, name)) || pid;
    rmSync(join(folder, name), { force: true });
  }
  return undefined;
}

/** When the process was started, in the operating system's own form; undefined when it does not live. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    // proc(5): after the name in parentheses come the state (field 3) and, as field 22, the start in clock ticks.
    const fields = readIfThere(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ');
    return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
  }
  try {
    const start = execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' });
    return start.replace(/\W+/g, '');
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
