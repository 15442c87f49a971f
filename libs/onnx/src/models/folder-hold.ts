/**
 * One process at a time changes a folder, also where the folder is a volume which several machines or containers share
 * (there a process id means nothing): the holder touches a file, and a file that was not touched for a while belongs to
 * nobody. It saves double downloads; that nothing wrong is ever used does not rest on it.
 */
import { rmSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@frontdesk/core';

const TOUCH_MS = 2_000;
/** Several touches: a busy machine is not taken for a dead one. */
const DEAD_AFTER_MS = 20_000;
const LOOK_MS = 200;

/** Creates the folder where needed, waits for whoever holds it, and resolves to the release, which a regular exit does too. */
export async function holdFolder(folder: string): Promise<() => void> {
  const path = join(folder, '.held');
  await mkdir(folder, { recursive: true });
  while (!(await claim(path))) {
    await sleep(LOOK_MS);
    await clearIfDead(path);
  }
  const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  touching.unref();
  const release = (): void => {
    clearInterval(touching);
    process.off('exit', release);
    rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}

async function claim(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AppError('failed_precondition', `${path} cannot be written: choose a folder that can be.`, {
      cause,
    });
  }
}

/** Takes the file away under a name of its own first: of two that find it dead, one does it. */
async function clearIfDead(path: string): Promise<void> {
  const touched = await stat(path).catch(() => undefined);
  if (!touched || Date.now() - touched.mtimeMs < DEAD_AFTER_MS) return;
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => {});
  await rm(aside, { force: true });
}
