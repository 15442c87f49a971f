/**
 * The child process in which PGlite runs: it blocks its thread while it works, and dies alone when it dies.
 * `node embedded-postgres-process.js <socket> <folder or "memory">`; says `ready`, or `failed` with a sentence, to its
 * parent, and leaves when the parent is gone. Run from TypeScript source by Node's own type stripping, therefore
 * without syntax to transform and with imports by their real file names.
 */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { lockFolder } from './folder-lock.ts';
import { shareSession } from './session-sharing.ts';

export type ProcessMessage = { readonly ready: true } | { readonly failed: string };

const [socketPath, folder] = process.argv.slice(2) as [string, string];
const report = (message: ProcessMessage): void => void process.send?.(message);

// The terminal's Ctrl-C reaches the whole process group; the parent decides when its database goes.
process.on('SIGINT', () => {});

try {
  await start();
  report({ ready: true });
} catch (error) {
  report({ failed: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}

async function start(): Promise<void> {
  const unlock = folder === 'memory' ? () => {} : await lockFolder(folder, process.ppid);
  const database = await PGlite.create({
    extensions: { vector },
    ...(folder !== 'memory' && { dataDir: join(folder, 'data') }),
  });
  const server = createServer();
  shareSession(
    server,
    (messages) => database.execProtocolRaw(messages),
    (error) => {
      console.error('The embedded database failed and starts anew:', error);
      process.exit(1);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  process.once('disconnect', async () => {
    server.close();
    await database.close();
    unlock();
    process.exit(0);
  });
}
