/**
 * Redis >= 7 as a process of its own: append-only file, own directory, loopback only.
 */
import { connect } from 'node:net';
import { basename } from 'node:path';
import { mkdirSync } from 'node:fs';
import { launch, type RunningServer } from './process.ts';
import { capture, commandFrom } from './tools.ts';

/** Starts Redis on 127.0.0.1:`port` with its data in `dir`; the data of an earlier start is kept. */
export async function startRedis(dir: string, port: number): Promise<RunningServer> {
  // Debian ships the server twice: redis-server, which also registers a system service, and redis-tools,
  // whose redis-check-rdb is the same program and serves when it is called "redis-server".
  const command = await commandFrom('redis-tools', 'redis-server', 'redis-check-rdb');
  requireVersion(basename(command) === 'redis-server' ? capture(command, ['--version']) : undefined);
  mkdirSync(dir, { recursive: true });
  return launch({
    name: 'redis',
    dir,
    url: `redis://127.0.0.1:${port}`,
    command,
    argv0: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--appendonly', 'yes', '--save', ''],
    stopSignal: 'SIGTERM',
    answers: () => ping(port),
  });
}

function requireVersion(reported: string | undefined): void {
  const major = Number(/v=(\d+)/.exec(reported ?? '')?.[1] ?? 7);
  if (major < 7)
    throw new Error(`Redis 7 or newer is needed, version ${major} found. Install a newer redis-server`);
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
    socket.once('data', (answer) => {
      socket.destroy();
      // "-LOADING" while the append-only file is read.
      if (answer.toString().startsWith('+PONG')) resolve();
      else reject(new Error(answer.toString()));
    });
    socket.once('error', reject);
  });
}
