/**
 * One service as a process of its own, started as an installation would: `node services/<name>/dist/main.js`. It can
 * be killed, frozen and asked to leave. Its last lines stand in the error when it does not start; all of them go to
 * `<MESH_LOG_DIR>/<name>.log` where that variable names a folder.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './mesh-under-test.js';

const services = join(import.meta.dirname, '../../..');
const startLimitMs = 60_000;
const keptLines = 60;

export class ServiceProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(null);
  private lines: string[] = [];

  /** `name` is its own; the program is `service`'s. */
  constructor(
    readonly name: string,
    private readonly service: string,
    private readonly environment: Environment,
  ) {}

  get adminUrl(): string {
    return `http://127.0.0.1:${this.environment['ADMIN_PORT']}`;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it takes work. */
  async start(): Promise<void> {
    const main = join(services, this.service, 'dist/main.js');
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exited = once(child, 'close').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.keep(text));

    for (const until = Date.now() + startLimitMs; !(await this.isReady()); await sleep(25)) {
      if (!this.isRunning || Date.now() > until)
        throw new Error(`${this.name} did not get ready:\n${this.lines.join('\n')}`);
    }
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.adminUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  }

  /** The sum over its labels; 0 where the process has none of this name. */
  async metric(name: string): Promise<number> {
    const metrics = await (await fetch(`${this.adminUrl}/metrics`)).text();
    return metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** A power cut. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Asks it to leave; the exit code. */
  async leave(): Promise<number | null> {
    this.resume();
    this.child?.kill('SIGTERM');
    return this.exited;
  }

  private keep(text: string): void {
    const folder = process.env['MESH_LOG_DIR'];
    if (folder) appendFileSync(join(folder, `${this.name}.log`), text);
    this.lines = [...this.lines, ...text.trimEnd().split('\n')].slice(-keptLines);
  }
}
