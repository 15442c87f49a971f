/**
 * The models which tests run on, in `.models`: pulled once, and only verified from then on. Where a source needs a
 * client that this machine lacks, the client is installed as the servers' programs are.
 *
 * What cannot be had is no failure on a developer's machine, where the tests that need it say that they are skipped;
 * with CI=true it is one.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { commandFrom, onPath } from './servers/tools.ts';

const FRONTDESK = resolve(import.meta.dirname, '../../libs/onnx/bin/frontdesk.js');

/** The default models, and the one that reads a hundred languages. */
const TESTED = ['bge-small-zh-v1.5', 'bge-small-en-v1.5', 'multilingual-e5-small-q4'];

const pulled = (): boolean =>
  spawnSync(process.execPath, [FRONTDESK, 'models', 'pull', ...TESTED], { stdio: 'inherit' }).status === 0;

/** Whether a client was installed, so that another try makes sense. */
async function clientsInstalled(): Promise<boolean> {
  if (onPath('mvn') && (onPath('pip3') || onPath('pip'))) return false;
  try {
    await commandFrom('maven', 'mvn');
    await commandFrom('python3-pip', 'pip3', 'pip');
    return true;
  } catch (error) {
    console.log((error as Error).message);
    return false;
  }
}

if (!pulled() && !((await clientsInstalled()) && pulled())) {
  console.log('Not all models are here: tests which need one are skipped, or fail with CI=true.');
  process.exitCode = process.env['CI'] === 'true' ? 1 : 0;
}
