// How costs are measured here: CPU time of the process under test per operation, all subjects interleaved in one run,
// the least of all rounds. On a shared machine wall-clock figures measure the neighbours; the least CPU time is what
// the code costs, and the ratio to a baseline of the same run holds on other machines too.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A program of `subjects/` in a process of its own; it tells where it listens and how much CPU time it has used. */
export class Subject {
  private readonly child: ChildProcess;
  readonly url: string;
  /** Whatever else it told, e.g. a key. */
  readonly facts: Readonly<Record<string, string>>;

  private constructor(child: ChildProcess, told: { url: string } & Record<string, string>) {
    this.child = child;
    this.url = told.url;
    this.facts = told;
  }

  static async start(program: string, environment: Readonly<Record<string, string>> = {}): Promise<Subject> {
    const child = fork(fileURLToPath(new URL(`subjects/${program}.ts`, import.meta.url)), {
      env: { ...process.env, ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    });
    const [told] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended before it was ready`))),
    ])) as [{ url: string } & Record<string, string>];
    return new Subject(child, told);
  }

  /** Microseconds of CPU, user and system, since the process began. */
  async cpu(): Promise<number> {
    this.child.send('cpu');
    const [used] = (await once(this.child, 'message')) as [number];
    return used;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Called by a subject once it listens. It ends with the benchmark, however that ends. */
export function announce(facts: { url: string } & Record<string, string>, stop: () => Promise<void>): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send!(user + system);
  });
  process.once('SIGTERM', () => void stop().finally(() => process.exit(0)));
  process.once('disconnect', () => process.exit(1));
  process.send!(facts);
}

export interface Operation {
  readonly name: string;
  /** The process whose CPU time counts. */
  readonly subject: Subject;
  /** One operation; throws when it failed, because a cheap failure is no good figure. */
  run(): Promise<void>;
}

export interface Effort {
  readonly rounds: number;
  readonly operations: number;
  readonly inFlight: number;
}

/** CPU microseconds per operation, the least of all rounds, by name. */
export async function compare(
  operations: readonly Operation[],
  effort: Effort,
): Promise<Map<string, number>> {
  const least = new Map<string, number>();
  for (let round = 0; round <= effort.rounds; round += 1) {
    for (const { name, subject, run } of operations) {
      const before = await subject.cpu();
      await drive(run, effort);
      const cost = ((await subject.cpu()) - before) / effort.operations;
      // The first round warms up.
      if (round > 0) least.set(name, Math.min(cost, least.get(name) ?? Infinity));
    }
  }
  return least;
}

async function drive(run: () => Promise<void>, { operations, inFlight }: Effort): Promise<void> {
  let left = operations;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Prints a table whose last column is the ratio to the first row. */
export function print(title: string, costs: ReadonlyMap<string, number>): void {
  const [baseline] = costs.values();
  process.stdout.write(`\n${title}\n`);
  for (const [name, cost] of costs) {
    process.stdout.write(
      `  ${name.padEnd(44)} ${cost.toFixed(1).padStart(8)} µs   ${(cost / baseline!).toFixed(2)} ×\n`,
    );
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
/** Nothing that is measured here takes a tenth of it. */
const patienceMs = 30_000;

/** A POST over kept connections; gives the body, throws on any status but 2xx. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  onData?: (text: string) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        timeout: patienceMs,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          onData?.(part);
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve(text);
          else reject(new Error(`${url} answered ${statusCode}: ${text.slice(0, 300)}`));
        });
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`${url} was silent for ${patienceMs / 1_000} s.`)));
    sent.end(body);
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
