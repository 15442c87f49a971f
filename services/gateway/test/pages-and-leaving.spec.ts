import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, Stage } from './stage.js';

/** Everything that is no call of the interface, and so not in its document. */
const pages = [
  '/',
  '/agent',
  '/docs',
  '/docs/:name',
  '/docs/start.js',
  '/openapi.json',
  '/web/:name',
  '/web/config.json',
];

describe('the document', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start({ CORS_ORIGINS: 'https://shop.example' });
  });
  afterAll(() => stage.stop());

  it('lists exactly the live routes', async () => {
    const { body } = await stage.call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const listed = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const tree = stage.server.getInstance().printRoutes({ commonPrefix: false });
    const live = liveRoutes(tree).filter(
      (route) => !pages.includes(route.split(' ')[1]!) && !/^(HEAD|OPTIONS)/.test(route),
    );
    expect(listed.sort()).toEqual(live.sort());
    expect(listed.length).toBeGreaterThan(35);
  });

  it('holds together: every reference leads somewhere, every id is its own', async () => {
    const { body } = await stage.call('GET', '/openapi.json');
    const text = JSON.stringify(body);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(body.components.schemas).toHaveProperty(name!);
    expect(text).not.toContain('$defs');
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(body.paths['/v1/conversations/{id}/messages'].post).toMatchObject({
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              required: ['text'],
              additionalProperties: false,
              properties: { text: { maxLength: 8_000 } },
            },
          },
        },
      },
      responses: {
        200: { content: { 'text/event-stream': {} } },
        default: { $ref: '#/components/responses/Problem' },
      },
    });
  });

  it('has a page that needs nothing from elsewhere', async () => {
    const page = await stage.call('GET', '/docs');
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    for (const [, path] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(path).toMatch(/^\/docs\//);
      expect((await stage.call('GET', path)).status).toBe(200);
    }
    expect((await stage.call('GET', '/docs/package.json')).status).toBe(404);
  });

  it('is served with the pages of the chat and the desk, but no keys', async () => {
    for (const path of ['/', '/agent', '/web/style.css', '/web/icon.svg']) {
      const first = await stage.call('GET', path);
      expect([path, first.status]).toEqual([path, 200]);
      const again = await stage.call('GET', path, {
        headers: { 'if-none-match': first.headers.get('etag')! },
      });
      expect([again.status, again.body]).toEqual([304, '']);
    }
    expect((await stage.call('GET', '/web/config.json')).status).toBe(404);
    expect((await stage.call('GET', '/web/nothing.js')).status).toBe(404);
  });

  it('may be read by the origins that are named, and by no other', async () => {
    const origin = async (from: string) =>
      (await stage.call('GET', '/openapi.json', { headers: { origin: from } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await origin('https://shop.example')).toBe('https://shop.example');
    expect(await origin('https://evil.example')).toBeNull();
    const preflight = await stage.call('OPTIONS', '/v1/conversations', {
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });
});

describe('a demo', () => {
  it('gives its keys to its pages', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'gateway-')), 'keys.json');
    const stage = await Stage.start({ DEMO_KEYS_FILE: file });
    try {
      expect((await stage.call('GET', '/web/config.json')).status).toBe(404);
      await writeFile(file, JSON.stringify({ ...stage.keys, platform: stage.platformKey }));
      const { body } = await stage.call('GET', '/web/config.json');
      const { channel, agent } = stage.keys;
      expect(body).toEqual({ channelKey: channel, agentKey: agent, bot: 'shop', showUnderstanding: true });
    } finally {
      await stage.stop();
    }
  });
});

describe('leaving', () => {
  it('lets a turn finish, says goodbye to a watch, and waits for nothing else', async () => {
    const stage = await Stage.start({ SHUTDOWN_GRACE_MS: '20000' });
    const id = await stage.conversation();
    let open = (): void => undefined;
    stage.dialogue.gate = new Promise((resolve) => (open = resolve));
    const turn = await stage.send('POST', `/v1/conversations/${id}/messages`, {
      key: stage.keys.channel,
      body: { text: 'wait' },
      headers: { accept: 'text/event-stream' },
    });
    const events = eventsOf(turn);
    const seen: string[] = [];
    for (const _ of ['turn', 'understanding', 'token']) seen.push((await events.next()).value!.type);
    const watch = await stage.send('GET', `/v1/conversations/${id}/events`, { key: stage.keys.channel });

    const stopping = stage.stop();
    expect(await watch.text()).toContain(': restarting');
    open();
    for await (const { type } of events) seen.push(type);
    expect(seen).toEqual(['turn', 'understanding', 'token', 'message', 'done']);
    const before = Date.now();
    await stopping;
    expect(Date.now() - before).toBeLessThan(15_000);
  });
});

/** `METHOD path` of everything in the router's own drawing: four columns per level, each line a piece of the path. */
function liveRoutes(drawing: string): string[] {
  const pieces: string[] = [];
  return drawing.split('\n').flatMap((line) => {
    const [, indent, piece, methods] = /^([\s│]*[├└]── )(\S*)(?: \((.+)\))?$/.exec(line) ?? [];
    if (indent === undefined || piece === undefined) return [];
    pieces.splice(indent.length / 4 - 1, Infinity, piece);
    return (methods?.split(', ') ?? []).map((method) => `${method} ${pieces.join('')}`);
  });
}
