import { connect } from 'node:net';
import { Stage, type Call } from './stage.js';

let stage: Stage;
let conversation: string;
beforeAll(async () => {
  stage = await Stage.start();
  conversation = await stage.conversation();
});
afterAll(() => stage.stop());

const bad: Record<string, { path?: string; call: Call; status: number; code?: string; field?: string }> = {
  'unknown field': { call: { body: { text: 'hi', admin: true } }, status: 422, field: 'admin' },
  'wrong type': { call: { body: { text: 5 } }, status: 422, field: 'text' },
  'missing field': { call: { body: {} }, status: 422, field: 'text' },
  'no body': { call: {}, status: 422 },
  'null body': { call: { body: 'null' }, status: 422 },
  'array body': { call: { body: [] }, status: 422 },
  'prototype in the body': {
    call: { body: '{"text":"hi","__proto__":{"x":1}}' },
    status: 422,
    field: '__proto__',
  },
  'empty text': { call: { body: { text: '' } }, status: 422, field: 'text' },
  'text of 8,001 characters': { call: { body: { text: 'x'.repeat(8_001) } }, status: 422, field: 'text' },
  'text of 100 kB': { call: { body: { text: 'x'.repeat(100_000) } }, status: 422, field: 'text' },
  'control characters': { call: { body: { text: 'a\u0000b' } }, status: 422, field: 'text' },
  'escape sequence': { call: { body: { text: 'a\u001b[31mb' } }, status: 422, field: 'text' },
  'attachments, which are not there yet': {
    call: { body: { text: 'hi', attachments: [{ id: 1 }] } },
    status: 422,
  },
  'body of 2 MB': { call: { body: { text: 'x'.repeat(2_000_000) } }, status: 413, code: 'too_large' },
  'broken JSON': { call: { body: '{"text":' }, status: 400, code: 'malformed' },
  'broken UTF-8': {
    call: { body: new Uint8Array([0x7b, 0x22, 0x74, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]) },
    status: 400,
    code: 'malformed',
  },
  'half a character': { call: { body: '{"text":"\\ud83d"}' }, status: 400, code: 'malformed' },
  'form body': {
    call: { body: 'text=hi', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    status: 415,
  },
  'text body': {
    call: { body: 'hi', headers: { 'content-type': 'text/plain' } },
    status: 415,
    code: 'unsupported_media_type',
  },
  'CSV where JSON is due': {
    call: { body: 'text\nhi', headers: { 'content-type': 'text/csv' } },
    status: 415,
  },
  'unknown conversation': {
    path: '/v1/conversations/unknown/messages',
    call: { body: { text: 'hi' } },
    status: 404,
  },
  'id with a NUL': { path: '/v1/conversations/a%00b/messages', call: { body: { text: 'hi' } }, status: 404 },
  'id like SQL': {
    path: "/v1/conversations/1'%20OR%20'1'='1/messages",
    call: { body: { text: 'hi' } },
    status: 404,
  },
  'id of 200 characters': {
    path: `/v1/conversations/${'x'.repeat(200)}/messages`,
    call: { body: { text: 'hi' } },
    status: 404,
  },
  'id of 2,000 characters': {
    path: `/v1/conversations/${'x'.repeat(2_000)}/messages`,
    call: { body: { text: 'hi' } },
    status: 414,
  },
  'broken escape in the address': {
    path: '/v1/conversations/%E0%A4/messages',
    call: { body: { text: 'hi' } },
    status: 400,
  },
  'attribute of 501 characters': {
    path: '/v1/conversations',
    call: { body: { customer: { id: 'u1', attributes: { note: 'x'.repeat(501) } } } },
    status: 422,
    field: 'customer.attributes.note',
  },
  'unknown query parameter': {
    path: '/v1/conversations/ID/messages?debug=1',
    call: { body: { text: 'hi' } },
    status: 422,
    field: 'debug',
  },
  'unknown address': { path: '/v1/nothing', call: { body: {} }, status: 404, code: 'not_found' },
  'address above the root': { path: '/web/..%2f..%2fpackage.json', call: { body: {} }, status: 404 },
  'odd Idempotency-Key': {
    call: { body: { text: 'hi' }, headers: { 'idempotency-key': 'x'.repeat(300) } },
    status: 422,
    field: 'Idempotency-Key',
  },
};

describe('bad input', () => {
  it.each(Object.entries(bad))('%s is refused with a clear problem', async (_what, expected) => {
    const before = stage.dialogue.heard.length;
    const path = (expected.path ?? '/v1/conversations/ID/messages').replace('ID', conversation);
    const { status, headers, body } = await stage.call('POST', path, {
      key: stage.keys.channel,
      ...expected.call,
    });
    expect(status).toBe(expected.status);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('x-request-id')).toMatch(/./);
    expect(body).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.any(String),
      instance: expect.stringMatching(/^\//),
    });
    expect(Object.keys(body).sort()).toEqual([
      'code',
      'detail',
      'errors',
      'instance',
      'status',
      'title',
      'type',
    ]);
    expect(body.detail.length).toBeGreaterThan(10);
    if (expected.code) expect(body.code).toBe(expected.code);
    if (expected.field) expect(body.errors[0].field).toBe(expected.field);
    expect(stage.dialogue.heard).toHaveLength(before);
  });

  it('leaves nothing behind', async () => {
    const log = await stage.call('GET', `/v1/conversations/${conversation}/messages`, {
      key: stage.keys.channel,
    });
    expect(log.body.messages).toEqual([]);
    expect(stage.logLines).toEqual([]);
  });

  it('names every wrong field of a body', async () => {
    const { body } = await stage.call('POST', '/v1/conversations', {
      key: stage.keys.channel,
      body: { locale: 'not a locale', customer: { id: '', name: 7, age: 3 } },
    });
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'customer.age',
      'customer.id',
      'customer.name',
      'locale',
    ]);
  });

  it('refuses a query that is not understood', async () => {
    for (const query of ['limit=0', 'limit=201', 'limit=many', 'after=-1', 'after=1.5', 'limit=1&limit=2']) {
      const { status } = await stage.call('GET', `/v1/conversations/${conversation}/messages?${query}`, {
        key: stage.keys.channel,
      });
      expect([query, status]).toEqual([query, 422]);
    }
  });

  it('answers what is no HTTP, and goes on', async () => {
    for (const nonsense of [
      '\u0000\u0001\u0002\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: a\r\nx: ' + 'y'.repeat(40_000) + '\r\n\r\n',
    ]) {
      const answer = await raw(nonsense);
      expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
      expect(answer).toContain('application/problem+json');
    }
    expect((await stage.call('GET', '/openapi.json')).status).toBe(200);
  });
});

describe('a failure behind the gateway', () => {
  const say = (text: string) =>
    stage.call('POST', `/v1/conversations/${conversation}/messages`, {
      key: stage.keys.channel,
      body: { text },
    });

  it('that is our fault is told without its text, and logged with its cause', async () => {
    const { status, body } = await say('crash');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(stage.logLines.some((line) => line.includes('A request failed'))).toBe(true);
  });

  it('that may pass says when to come back', async () => {
    const { status, headers, body } = await say('away');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.code).toBe('unavailable');
  });
});

describe('every answer', () => {
  it('carries security headers and no cache', async () => {
    const { headers } = await stage.call('GET', '/v1/models', { key: stage.keys.channel });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('repeats a sane X-Request-Id and replaces any other', async () => {
    const id = async (given: string): Promise<string | null> =>
      (
        await stage.call('GET', '/v1/models', { key: stage.keys.channel, headers: { 'x-request-id': given } })
      ).headers.get('x-request-id');
    expect(await id('abc-1')).toBe('abc-1');
    expect(await id('a b')).not.toBe('a b');
    expect(await id('x'.repeat(200))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives back a traceparent', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await stage.call('GET', '/v1/models', {
      key: stage.keys.channel,
      headers: { traceparent },
    });
    expect(answer.headers.get('traceparent')).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('to HEAD is that to GET without its body', async () => {
    const answer = await stage.call('HEAD', '/v1/models', { key: stage.keys.channel });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect((await stage.call('HEAD', '/v1/models')).status).toBe(401);
  });
});

function raw(text: string): Promise<string> {
  const { port } = new URL(stage.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => (answer += String(data)));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
