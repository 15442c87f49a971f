/**
 * One server of the test bench as one operating system process.
 *
 * Promises: `launch` resolves once the server answers; `kill` is a power cut (SIGKILL, children
 * first gone with it), `pause` freezes it with its connections open, and both can be followed by a
 * start on the same directory. What runs is recorded in `<dir>/process.json`, so that another
 * process finds it again, and never mistakes a stranger which got the same pid for it.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture } from './tools.ts';

export interface RunningServer {
  /** What a client connects to: a URL, or `host:port` for Kafka. */
  readonly url: string;
  readonly pid: number;
  /** SIGKILL to the server and its children; resolves when they are gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
  /** Clean shutdown; SIGKILL after 20 s. */
  stop(): Promise<void>;
}

export interface Launch {
  readonly name: string;
  /** Holds the log and the process record. */
  readonly dir: string;
  readonly url: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly argv0?: string;
  /** The unprivileged user to run as; this process must be root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: NodeJS.Signals;
  /** One attempt to get an answer; a rejection means "not yet". */
  readonly answers: () => Promise<unknown>;
}

interface ProcessRecord {
  readonly url: string;
  readonly pid: number;
  /** The start time of the process: tells a reused pid from ours. */
  readonly born: string;
  readonly stopSignal: NodeJS.Signals;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export async function launch(server: Launch): Promise<RunningServer> {
  mkdirSync(server.dir, { recursive: true });
  const logFile = join(server.dir, `${server.name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(server.command, server.args, {
    ...(server.argv0 && { argv0: server.argv0 }),
    ...server.user,
    // Readable by every user, unlike perhaps this checkout.
    cwd: '/',
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  const spawned = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
  const record = {
    url: server.url,
    pid: spawned,
    born: bornAt(spawned) ?? '',
    stopSignal: server.stopSignal,
  };
  const running = handle(server.dir, record);

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await succeeds(server.answers))) {
    const exited = !isAlive(record);
    if (exited || Date.now() > deadline) {
      await running.kill();
      const reason = exited ? 'stopped while starting' : `did not answer within ${START_TIMEOUT_MS / 1000} s`;
      throw new Error(`${server.name} ${reason}; the end of ${logFile}:\n${lastLines(logFile)}`);
    }
    await sleep(50);
  }
  writeFileSync(recordFile(server.dir), JSON.stringify(record));
  return running;
}

/** The server which an earlier `launch` left running in `dir`, if it still lives. */
export function findRunning(dir: string): RunningServer | undefined {
  if (!existsSync(recordFile(dir))) return undefined;
  const record = JSON.parse(readFileSync(recordFile(dir), 'utf8')) as ProcessRecord;
  return isAlive(record) ? handle(dir, record) : undefined;
}

/** Whether a process does anything still: a zombie which nobody has collected yet does not. */
export const isRunning = (pid: number): boolean => bornAt(pid) !== undefined;

/** A loopback port which was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
}

function handle(dir: string, record: ProcessRecord): RunningServer {
  const family = (): number[] => (isAlive(record) ? [record.pid, ...childrenOf(record.pid)] : []);
  const signal = (name: NodeJS.Signals): void => family().forEach((pid) => trySignal(pid, name));
  const kill = async (): Promise<void> => {
    const doomed = family();
    doomed.forEach((pid) => trySignal(pid, 'SIGKILL'));
    if (!(await gone(doomed))) throw new Error(`Process ${record.pid} survived SIGKILL.`);
    rmSync(recordFile(dir), { force: true });
  };
  return {
    url: record.url,
    pid: record.pid,
    kill,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async stop() {
      signal('SIGCONT');
      const stopping = family();
      if (stopping.length > 0) trySignal(record.pid, record.stopSignal);
      await gone(stopping);
      await kill();
    },
  };
}

async function gone(pids: readonly number[]): Promise<boolean> {
  for (const deadline = Date.now() + STOP_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
    if (!pids.some(isRunning)) return true;
  }
  return false;
}

const recordFile = (dir: string): string => join(dir, 'process.json');
const isAlive = (record: ProcessRecord): boolean => bornAt(record.pid) === record.born;

/** When a process started, in the words of the system; undefined when it is gone or a zombie. */
function bornAt(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) {
    try {
      // Fields after the command name, which is in brackets and may hold spaces: state, …, start time (22nd).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  return capture('ps', ['-o', 'lstart=', '-p', String(pid)])?.trim() || undefined;
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const listed = existsSync(file)
    ? readFileSync(file, 'utf8')
    : (capture('pgrep', ['-P', String(pid)]) ?? '');
  return listed.split(/\s+/).filter(Boolean).map(Number);
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const succeeds = (attempt: () => Promise<unknown>): Promise<boolean> =>
  attempt().then(
    () => true,
    () => false,
  );

const lastLines = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
