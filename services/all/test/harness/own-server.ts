/** A PostgreSQL, Redis or Kafka of one test file, which may be killed, frozen and started again on the same port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RunningServer } from '../../../../infra/local/servers/servers.js';

/** One of `startPostgres`, `startRedis`, `startKafka`. */
export type Starter = (dir: string, port: number) => Promise<RunningServer>;

export class OwnServer {
  private constructor(
    private readonly starter: Starter,
    private readonly dir: string,
    private readonly port: number,
    private running: RunningServer,
  ) {}

  static async start(starter: Starter): Promise<OwnServer> {
    const dir = mkdtempSync(join(tmpdir(), 'frontdesk-server-'));
    const port = await freePort();
    return new OwnServer(starter, dir, port, await starter(dir, port));
  }

  get url(): string {
    return this.running.url;
  }

  kill(): Promise<void> {
    return this.running.kill();
  }

  pause(): void {
    this.running.pause();
  }

  resume(): void {
    this.running.resume();
  }

  /** With the data it had. */
  async startAgain(): Promise<void> {
    this.running = await this.starter(this.dir, this.port);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
