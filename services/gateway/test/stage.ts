/** The gateway as strangers meet it: over real HTTP and gRPC, with the services behind it faked. */
import { HttpAdapterHost } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { Database } from '@frontdesk/store';
import { startMesh, type TestMesh } from '@frontdesk/testing';
import { newKey } from '../src/access/credential.js';
import type { MountedRoute, WebServer } from '../src/http/web-server.js';
import { gateway } from '../src/index.js';
import { FakeDialogue } from './fake-dialogue.js';
import { FakeHandoff, FakeKnowledge, FakeNlu } from './fake-leaves.js';

export interface Keys {
  readonly channel: string;
  readonly agent: string;
  readonly admin: string;
}

export interface Call {
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of every shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export class Stage {
  readonly dialogue = new FakeDialogue();
  readonly nlu = new FakeNlu();
  readonly knowledge = new FakeKnowledge();
  readonly handoff = new FakeHandoff();
  readonly platformKey = newKey('platform');
  readonly logLines: string[] = [];
  tenantId = '';
  keys!: Keys;
  mesh!: TestMesh;
  url = '';

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const stage = new Stage();
    stage.mesh = await startMesh([gateway], {
      fakes: [stage.dialogue.service, stage.nlu.service, stage.knowledge.service, stage.handoff.service],
      environment: { PLATFORM_API_KEY: stage.platformKey, LOG_LEVEL: 'warn', ...environment },
      logSink: { write: (line) => stage.logLines.push(line) },
    });
    const { port } = stage.server.getHttpServer().address() as AddressInfo;
    stage.url = `http://127.0.0.1:${port}`;
    ({ id: stage.tenantId, keys: stage.keys } = await stage.tenant('first'));
    return stage;
  }

  get server(): WebServer {
    return this.mesh.process.host('gateway').get(HttpAdapterHost).httpAdapter as unknown as WebServer;
  }

  get routes(): readonly MountedRoute[] {
    return this.server.routes;
  }

  stop(): Promise<void> {
    return this.mesh.stop();
  }

  async tenant(name: string): Promise<{ id: string; keys: Keys }> {
    const { body } = await this.call('POST', '/v1/tenants', { key: this.platformKey, body: { name } });
    return body as { id: string; keys: Keys };
  }

  /** A body that is neither text nor bytes is sent as JSON. */
  async send(method: string, path: string, { key, body, headers, signal }: Call = {}): Promise<Response> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(this.url + path, {
      method,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.send(method, path, call);
    const text = await response.text();
    const json = text !== '' && response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  /** All that the gateway has stored, as text. */
  async everything(): Promise<string> {
    const database = this.mesh.process.host('gateway').get(Database);
    const tables = ['tenants', 'api_keys', 'answers', 'outbox'];
    const dumps = await Promise.all(
      tables.map((table) => database.system((tx) => tx.query(`SELECT *, t::text AS row FROM ${table} t`))),
    );
    return dumps
      .flat()
      .map((row) =>
        Object.values(row)
          .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
          .join(' '),
      )
      .join('\n');
  }

  async conversation(key = this.keys.channel, customer = 'u1'): Promise<string> {
    const { body } = await this.call('POST', '/v1/conversations', {
      key,
      body: { customer: { id: customer } },
    });
    return body.id as string;
  }
}

export interface SeenEvent {
  readonly type: string;
  readonly id?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

/** The events of an answer, as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<SeenEvent, void> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      const id = fields.get('id');
      yield {
        type: fields.get('event') ?? 'message',
        ...(id !== undefined && { id }),
        data: JSON.parse(data),
      };
    }
  }
}

export async function allEvents(response: Response): Promise<SeenEvent[]> {
  const events: SeenEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

/** The first `count` events; the connection is left then. */
export async function firstEvents(response: Response, count: number): Promise<SeenEvent[]> {
  const events: SeenEvent[] = [];
  for await (const event of eventsOf(response)) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}
