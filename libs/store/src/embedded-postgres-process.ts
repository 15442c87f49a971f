/**
 * The child process in which PGlite runs: it blocks its thread while it works, and dies alone when it dies.
 *
 * `node embedded-postgres-process.js <socket> <folder or "memory">` tells its parent `ready`, or `failed` with a
 * sentence, and leaves when the parent is gone. From TypeScript source it runs by Node's own type stripping: therefore
 * no syntax that needs a transformation, and imports by their real file names.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { lockFolder } from './folder-lock.ts';
import { shareSession } from './session-sharing.ts';

export type ProcessMessage = { readonly ready: true } | { readonly failed: string };

const [socketPath, folder] = process.argv.slice(2) as [string, string];
const extensions = { vector };

// A terminal or a supervisor signals the whole process group; the parent decides when its database goes.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

try {
  await start();
  report({ ready: true });
} catch (error) {
  report({ failed: (error as Error).message });
  process.disconnect();
}

async function start(): Promise<void> {
  const inMemory = folder === 'memory';
  const unlock = inMemory ? () => {} : await lockFolder(folder, process.ppid);
  const database = await (inMemory ? createCluster() : openFolder());
  const server = createServer();
  shareSession(server, (messages) => database.execProtocolRaw(messages), giveUp);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  process.once('disconnect', async () => {
    await database.close();
    unlock();
    // The parent may be gone without having done so.
    rmSync(socketPath, { force: true });
    if (isEmpty(dirname(socketPath))) rmdirSync(dirname(socketPath));
    process.exit(0);
  });
}

/** After a crash inside PGlite its memory cannot be trusted; the parent starts a new process on the same files. */
function giveUp(error: unknown): void {
  console.error('The embedded database failed and starts anew:', error);
  process.exit(1);
}

async function openFolder(): Promise<PGlite> {
  const dataDir = join(folder, 'data');
  if (!existsSync(dataDir)) {
    // Under another name until it is whole: a crash in between leaves nothing that looks like a database.
    const draft = `${dataDir}.new`;
    rmSync(draft, { recursive: true, force: true });
    await (await createCluster(draft)).close();
    renameSync(draft, dataDir);
  }
  return PGlite.create({ extensions, dataDir });
}

/** To initialise a cluster takes seconds, to load a copy of a new one half a second. */
async function createCluster(dataDir?: string): Promise<PGlite> {
  const where = dataDir === undefined ? {} : { dataDir };
  const copy = initialCluster();
  const kept = readIfThere(copy);
  if (kept) return PGlite.create({ extensions, ...where, loadDataDir: new Blob([kept]) });
  const database = await PGlite.create({ extensions, ...where });
  const dump = await database.dumpDataDir('none');
  writeWhole(copy, new Uint8Array(await dump.arrayBuffer()));
  return database;
}

/** `node_modules/.cache/frontdesk/pglite-<version>.tar` */
function initialCluster(): string {
  const home = new URL('../', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as { version: string };
  return fileURLToPath(new URL(`../../.cache/frontdesk/pglite-${version}.tar`, home));
}

function readIfThere(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: others may read and write it at the same time. Where nothing can be written, nothing is. */
function writeWhole(path: string, content: Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}

function isEmpty(path: string): boolean {
  return existsSync(path) && readdirSync(path).length === 0;
}

function report(message: ProcessMessage): void {
  process.send?.(message);
}
