import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatRole, LlmService } from '@frontdesk/contracts/llm/v1/llm_service';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { llm } from '../src/index.js';

type Behaviour = (response: ServerResponse, body: Record<string, unknown>) => void;

const chunk = (text: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const end = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } })}\n\ndata: [DONE]\n\n`;

/** A small server that speaks the OpenAI format, as well or as badly as a test wants. */
class TestEngine {
  calls = 0;
  open = 0;
  lastBody: Record<string, unknown> = {};
  behave: Behaviour = answering('Two', ' days', '.');

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TestEngine> {
    const server = createServer();
    const engine = new TestEngine(server);
    server.on('request', (request, response) => {
      if (request.url === '/v1/models') return void response.end(JSON.stringify({ data: [{ id: 'tiny' }] }));
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        engine.calls += 1;
        engine.open += 1;
        response.on('close', () => (engine.open -= 1));
        engine.lastBody = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        engine.behave(response, engine.lastBody);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return engine;
  }

  get url(): string {
    return `openai+http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function answering(...texts: string[]): Behaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const text of texts) response.write(chunk(text));
    response.end(end);
  };
}

const meshes: TestMesh[] = [];
const engines: TestEngine[] = [];
afterEach(async () => {
  for (const mesh of meshes.splice(0)) await mesh.stop();
  for (const engine of engines.splice(0)) engine.stop();
});

async function engine(): Promise<TestEngine> {
  const started = await TestEngine.start();
  engines.push(started);
  return started;
}

async function service(environment: Record<string, string>) {
  const mesh = await startMesh([llm], { environment });
  meshes.push(mesh);
  const client = mesh.client(LlmService);
  const ask = async (text: string, options: { firstTokenTimeoutMs?: number; signal?: AbortSignal } = {}) => {
    const tokens: string[] = [];
    const { signal, ...limits } = options;
    const call = client.generate(
      { messages: [{ role: ChatRole.USER, text }], ...limits },
      signal ? { signal } : {},
    );
    for await (const { event } of call) if (event.case === 'token') tokens.push(event.value);
    return tokens;
  };
  return { client, ask };
}

describe('an OpenAI-compatible engine', () => {
  it('streams its tokens, asked for its first model', async () => {
    const real = await engine();
    const { ask } = await service({ LLM_URL: real.url });
    expect(await ask('how long?')).toEqual(['Two', ' days', '.']);
    expect(real.lastBody).toMatchObject({
      model: 'tiny',
      stream: true,
      messages: [{ role: 'user', content: 'how long?' }],
    });
  });

  it('reads events that are cut anywhere, even within a character', async () => {
    const real = await engine();
    real.behave = (response) => {
      const bytes = Buffer.from(chunk('两天') + end);
      response.writeHead(200);
      const step = (at: number): void => {
        if (at >= bytes.length) return void response.end();
        response.write(bytes.subarray(at, at + 7));
        setImmediate(() => step(at + 7));
      };
      step(0);
    };
    const { ask } = await service({ LLM_URL: real.url });
    expect((await ask('多久?')).join('')).toBe('两天');
  });

  it.each<[string, Behaviour, string]>([
    ['429', (response) => void response.writeHead(429).end(), 'resource_exhausted'],
    ['500', (response) => void response.writeHead(500).end('<html>'), 'unavailable'],
    ['broken JSON', (response) => void response.writeHead(200).end('data: {"choices":[{\n\n'), 'data_loss'],
    [
      'a connection that ends early',
      (response) => void response.writeHead(200).end(chunk('Two')),
      'unavailable',
    ],
    [
      'an endless line',
      (response) => void response.writeHead(200).end(`data: ${'x'.repeat(2_000_000)}`),
      'unavailable',
    ],
  ])('%s is an error and never a complete answer', async (_, behave, code) => {
    const real = await engine();
    real.behave = behave;
    const { ask } = await service({ LLM_URL: real.url });
    await expect(ask('how long?')).rejects.toMatchObject({ code });
  });

  it('gives up on one that hangs, within the caller’s limit, and hangs up', async () => {
    const real = await engine();
    real.behave = (response) => void response.writeHead(200).flushHeaders();
    const { ask } = await service({ LLM_URL: real.url });
    await expect(ask('how long?', { firstTokenTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await eventually('the engine sees the caller leave', () => real.open === 0);
  });

  it('gives up on one that stalls in the middle', async () => {
    const real = await engine();
    real.behave = (response) => void response.writeHead(200).write(chunk('Two'));
    const { ask } = await service({ LLM_URL: real.url, LLM_STALL_MS: '200' });
    await expect(ask('how long?')).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  it('stops the engine’s work when the caller leaves', async () => {
    const real = await engine();
    real.behave = (response) => void response.writeHead(200).write(chunk('Two'));
    const { ask } = await service({ LLM_URL: real.url });
    const leave = new AbortController();
    const asking = ask('how long?', { signal: leave.signal });
    await eventually('the engine is asked', () => real.open === 1);
    leave.abort();
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' });
    await eventually('the engine sees the caller leave', () => real.open === 0);
  });

  it('keeps its key to itself', async () => {
    const real = await engine();
    real.behave = (response) => void response.writeHead(401).end('bad key sk-secret');
    const { ask, client } = await service({ LLM_URL: real.url, LLM_API_KEY: 'sk-secret' });
    const error = (await ask('how long?').catch((thrown: unknown) => thrown)) as Error;
    expect(String(error.message)).not.toContain('sk-secret');
    expect(JSON.stringify(await client.getStatus({}))).not.toContain('sk-secret');
  });
});

describe('several engines', () => {
  it('take over from one another before the first token', async () => {
    const [broken, healthy] = [await engine(), await engine()];
    broken.behave = (response) => void response.writeHead(503).end();
    const { ask } = await service({ LLM_URL: `${broken.url},${healthy.url}` });
    expect((await ask('how long?')).join('')).toBe('Two days.');
  });

  it('leave one alone that keeps failing', async () => {
    const [broken, healthy] = [await engine(), await engine()];
    broken.behave = (response) => void response.writeHead(503).end();
    const { ask, client } = await service({ LLM_URL: `${broken.url},${healthy.url}` });
    for (let turn = 0; turn < 6; turn += 1) await ask('how long?');
    expect(broken.calls).toBe(3);
    expect(healthy.calls).toBe(6);
    expect((await client.getStatus({})).available).toBe(true);
  });

  it('share the time for a first token, so that the second gets its chance', async () => {
    const [hanging, healthy] = [await engine(), await engine()];
    hanging.behave = (response) => void response.writeHead(200).flushHeaders();
    const { ask } = await service({ LLM_URL: `${hanging.url},${healthy.url}` });
    expect((await ask('how long?', { firstTokenTimeoutMs: 1_000 })).join('')).toBe('Two days.');
  });
});

describe('without an engine', () => {
  it('says so', async () => {
    const { ask, client } = await service({});
    await expect(ask('how long?')).rejects.toMatchObject({ code: 'failed_precondition' });
    expect(await client.getStatus({})).toMatchObject({
      available: false,
      models: [],
      reason: expect.stringContaining('LLM_URL') as string,
    });
  });

  it('refuses to start on a scheme it does not know', async () => {
    await expect(startMesh([llm], { environment: { LLM_URL: 'carrier-pigeon:home' } })).rejects.toThrow(
      'carrier-pigeon',
    );
  });
});

describe('a script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-script-'));
  const file = join(folder, 'script.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers by the first line that matches, in pieces, and fails on demand', async () => {
    writeFileSync(
      file,
      'replies:\n  - { match: heavy, text: It weighs 540 g. }\n  - { match: 重, text: 重540克 }\n  - { match: ., fail: break_off }\n',
    );
    const { ask } = await service({ LLM_URL: `scripted:${file}` });
    expect(await ask('How HEAVY is it?')).toEqual(['It ', 'weighs ', '540 ', 'g.']);
    expect(await ask('多重?')).toEqual(['重', '540', '克']);
    await expect(ask('something else')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
