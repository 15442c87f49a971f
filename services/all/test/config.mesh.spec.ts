/** How a process of the mesh is told what to do, and what it says when it was told something wrong. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { topics } from '@frontdesk/contracts';
import { drawMesh, mesh } from '../src/index.js';
import { build } from './harness/build.js';
import { freePort } from './harness/free-port.js';

const root = join(import.meta.dirname, '../../..');
const stackTrace = /^\s+at /m;
const programs = [...mesh.map(({ name }) => name), 'all'];

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(program: string, args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<Outcome>((resolve) => {
    const child = spawn(process.execPath, [join(root, 'services', program, 'dist/main.js'), ...args], {
      env: { PATH: process.env['PATH'], ...environment },
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}

beforeAll(() => build(), 120_000);

const wrong = {
  GRPC_PORT: 'ninety',
  LOG_LEVEL: 'loud',
  DATABASE_URL: 'mysql://db',
  ALLOW_EMBEDDED: 'perhaps',
};
const secrets = {
  DATABASE_URL: 'postgres://frontdesk:hunter2@db/frontdesk',
  KEY_VALUE_URL: 'redis://:hunter3@kv:6379',
  LLM_URL: 'https://user:hunter4@models/v1',
  LLM_API_KEY: 'hunter5',
  PLATFORM_API_KEY: `fd_platform_${'hunter6'.padEnd(43, 'x')}`,
};

describe.each(programs)('the process of %s', (program) => {
  it('explains itself, checks its configuration, and shows it without a secret', async () => {
    const [help, check, refusal, print] = await Promise.all([
      run(program, ['--help']),
      run(program, ['--check']),
      run(program, ['--check'], wrong),
      run(program, ['--print-config'], secrets),
    ]);
    expect(help.code).toBe(0);
    expect(help.output).toContain(program === 'all' ? 'dialogue' : program);
    expect(help.output).toContain('--print-config');

    expect(check).toMatchObject({ code: 0, errors: '' });
    expect(refusal.code).toBe(1);
    for (const name of Object.keys(wrong)) expect(refusal.errors).toContain(`- ${name}: `);
    expect(refusal.errors).not.toMatch(stackTrace);

    expect(print.code).toBe(0);
    expect(print.output).toContain('DATABASE_URL=(set, hidden)');
    expect(print.output).not.toMatch(/hunter\d/);
  });
});

it('starts nothing with a configuration that is not usable', async () => {
  const { code, output, errors } = await run('all', [], wrong);
  expect(code).toBe(1);
  expect(output).toBe('');
  for (const name of Object.keys(wrong)) expect(errors).toContain(`- ${name}: `);
});

it('refuses embedded stores in production, unless told otherwise', async () => {
  const production = { NODE_ENV: 'production' };
  const { code, errors } = await run('all', ['--check'], production);
  expect(code).toBe(1);
  for (const name of ['DATABASE_URL', 'KEY_VALUE_URL', 'EVENTS_URL']) expect(errors).toContain(`- ${name} `);
  expect(await run('all', ['--check'], { ...production, ALLOW_EMBEDDED: 'on' })).toMatchObject({ code: 0 });
});

it('says which port is in use, and how to choose another', async () => {
  const occupied = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => occupied.listen(port, '127.0.0.1', resolve));
  const environment = { BIND_HOST: '127.0.0.1', ADMIN_PORT: '0', LOG_LEVEL: 'silent' };
  const { code, errors } = await run('llm', [], { ...environment, GRPC_PORT: String(port) });
  occupied.close();
  expect(code).toBe(1);
  expect(errors).toContain(`${port}`);
  expect(errors).toContain('GRPC_PORT');
  expect(errors).not.toMatch(stackTrace);
});

describe('the mesh', () => {
  it.each(topics)('publishes and hears $name as the table of topics says', (topic) => {
    const publishers = mesh.filter(({ publishes }) => publishes.includes(topic)).map(({ name }) => name);
    const subscribers = mesh.filter(({ subscribes }) => subscribes.includes(topic)).map(({ name }) => name);
    expect(publishers).toEqual([topic.publisher]);
    expect(subscribers.toSorted()).toEqual(topic.subscribers.toSorted());
  });

  it('publishes no topic that the table does not have', () => {
    const used = mesh.flatMap(({ publishes, subscribes }) => [...publishes, ...subscribes]);
    for (const topic of used) expect(topics).toContain(topic);
  });

  it('serves every contract that one of its services calls', () => {
    const served = mesh.flatMap(({ serves }) => serves);
    for (const contract of mesh.flatMap(({ calls }) => calls)) expect(served).toContain(contract);
  });

  it.each(['README.md', 'README.zh-CN.md'])('is drawn in %s as its services say', (name) => {
    const picture = /<!-- mesh -->\n```mermaid\n([\s\S]*?)\n```/.exec(readFileSync(join(root, name), 'utf8'));
    expect(picture?.[1]).toBe(drawMesh(mesh));
  });
});
