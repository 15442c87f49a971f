/**
 * PostgreSQL without a server: PGlite with pgvector in a child process, reached like any other server.
 *
 * Promises: all services of this process share one child per folder; when it dies it is started anew and no
 * acknowledged row is lost; it ends with this process, however that ends. Hides the process, its socket and that it
 * has one session only.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '@frontdesk/core';
import type { ProcessMessage } from './embedded-postgres-process.js';
import type { PostgresServer } from './postgres.js';

const PORT = 5432;
const RESTART_DELAY_MS = 200;

const running = new Map<string, EmbeddedPostgres>();

/** The server of `folder`, or one without a folder for `memory`. Throws `failed_precondition` when it cannot start. */
export async function embeddedPostgres(folder: string): Promise<PostgresServer> {
  const place = folder === 'memory' ? folder : resolve(folder);
  const server = running.get(place) ?? new EmbeddedPostgres(place, () => running.delete(place));
  running.set(place, server);
  await server.retain();
  return server;
}

class EmbeddedPostgres implements PostgresServer {
  private readonly socketFolder = mkdtempSync(join(tmpdir(), 'frontdesk-'));
  readonly connection = { host: this.socketFolder, port: PORT, user: 'postgres', database: 'postgres' };
  /** There is one session: a second connection would only wait at another place, and statements' names collide. */
  readonly poolSize = 1;
  readonly ownSessions = false;
  private users = 0;
  private child: Promise<ChildProcess>;

  constructor(
    private readonly place: string,
    private readonly onStop: () => void,
  ) {
    this.child = this.start();
  }

  async retain(): Promise<void> {
    this.users++;
    try {
      await this.child;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  async ready(): Promise<void> {
    try {
      await this.child;
    } catch (cause) {
      throw new AppError('unavailable', 'The embedded database is down: try again shortly.', { cause });
    }
  }

  async release(): Promise<void> {
    if (--this.users > 0) return;
    this.onStop();
    const child = await this.child.catch(() => undefined);
    if (child?.connected) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.ref();
      child.disconnect();
      await gone;
    }
    rmSync(this.socketFolder, { recursive: true, force: true });
  }

  private start(): Promise<ChildProcess> {
    const socket = join(this.socketFolder, `.s.PGSQL.${PORT}`);
    rmSync(socket, { force: true });
    // Beside this file, compiled or not; Node runs TypeScript source itself.
    const module = new URL(`./embedded-postgres-process${extname(import.meta.url)}`, import.meta.url);
    const child = fork(fileURLToPath(module), [socket, this.place], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => reject(new AppError('failed_precondition', reason));
      child.once('message', (message: ProcessMessage) => {
        if ('failed' in message) return fail(message.failed);
        child.once('exit', () => this.restart());
        child.unref();
        child.channel?.unref();
        resolve(child);
      });
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => fail(`The embedded database ended (${signal ?? code}).`));
    });
  }

  private restart(): void {
    if (this.users === 0) return;
    if (this.place === 'memory') {
      this.child = Promise.reject(new Error('The database in memory ended, and its rows with it.'));
      this.child.catch(() => {});
      return;
    }
    this.child = sleep(RESTART_DELAY_MS).then(() => this.start());
    this.child.catch(() => this.restart());
  }
}
