import { once } from 'node:events';
import { AppError, runInContext } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import { WebSocket } from 'ws';
import { deleteExpired } from '../src/idempotency/answer.store.js';
import { Stage } from './stage.js';

describe('a repeated POST', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.stop());

  const open = (key: string, customer: string, apiKey = stage.keys.channel) =>
    stage.call('POST', '/v1/conversations', {
      key: apiKey,
      body: { customer: { id: customer } },
      headers: { 'idempotency-key': key },
    });

  it('gives the same answer under the same key, and does the work once', async () => {
    const first = await open('k1', 'u1');
    const second = await open('k1', 'u1');
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
  });

  it('is refused with another body, and free for another caller', async () => {
    const first = await open('k2', 'u1');
    expect(await open('k2', 'u2')).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    const other = await stage.tenant('other');
    const theirs = await open('k2', 'u2', other.keys.channel);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(first.body.id);
  });

  it('does the work once however many come at once', async () => {
    const before = stage.dialogue.conversations.size;
    const answers = await Promise.all(Array.from({ length: 12 }, () => open('k3', 'u1')));
    const made = answers.filter(({ status }) => status === 201);
    const told = answers.filter(({ status }) => status === 409);
    expect(made.length).toBeGreaterThan(0);
    expect(made.length + told.length).toBe(12);
    for (const { headers, body } of told) {
      expect(body.code).toBe('aborted');
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(stage.dialogue.conversations.size).toBe(before + 1);
    expect((await open('k3', 'u1')).body.id).toBe(made[0]!.body.id);
  });

  it('shows a new key again to whoever asked for it, and keeps it nowhere in the clear', async () => {
    const create = () =>
      stage.call('POST', '/v1/api-keys', {
        key: stage.keys.admin,
        body: { kind: 'agent', name: 'Ann' },
        headers: { 'idempotency-key': 'make-ann' },
      });
    const first = await create();
    const second = await create();
    expect(second.body).toEqual(first.body);
    const rows = await stage.everything();
    expect(rows.length).toBeGreaterThan(1_000);
    expect(rows).not.toContain(first.body.key);
    expect(rows).not.toContain('make-ann');
  });

  it('does failed work again', async () => {
    const id = await stage.conversation();
    const call = (text: string) =>
      stage.call('POST', `/v1/conversations/${id}/handoff`, {
        key: stage.keys.channel,
        headers: { 'idempotency-key': 'h1', 'content-type': 'application/json' },
        body: text,
      });
    expect((await call('{"oops":1}')).status).toBe(422);
    expect((await call('{}')).status).toBe(200);
  });

  it('gives a refusal again, but does again what was broken off', async () => {
    const transfer = (key: string) =>
      stage.call('POST', '/v1/handoffs/h1/transfer', {
        key: stage.keys.agent,
        body: { skill: 'refunds' },
        headers: { 'idempotency-key': key },
      });
    const statuses: number[] = [];
    for (const code of [
      'cancelled',
      'aborted',
      'resource_exhausted',
      'unavailable',
      'failed_precondition',
    ] as const) {
      stage.handoff.refusals.push(new AppError(code, 'Not now.'));
      for (let times = 0; times < 2; times += 1) statuses.push((await transfer(`t ${code}`)).status);
    }
    expect(statuses).toEqual([499, 200, 409, 200, 429, 200, 503, 200, 409, 409]);
  });

  it('is forgotten when its time is over, few rows at a time', async () => {
    for (const key of ['e1', 'e2', 'e3']) await open(key, 'u1');
    const database = stage.mesh.process.host('gateway').get(Database);
    await runInContext({ requestId: 'test', tenantId: stage.tenantId }, () =>
      database.transaction((tx) => tx.query('UPDATE answers SET expires_at = now()')),
    );
    const forget = () => database.system((tx) => deleteExpired(tx, 2));
    expect(await forget()).toBe(2);
    while ((await forget()) === 2);
    expect(
      await database.system((tx) => tx.query('SELECT 1 FROM answers WHERE expires_at <= now()')),
    ).toEqual([]);
  });

  it('of a message replays its turn, as JSON and as a stream', async () => {
    const id = await stage.conversation();
    const say = (text: string, accept: string) =>
      stage.call('POST', `/v1/conversations/${id}/messages`, {
        key: stage.keys.channel,
        body: { text },
        headers: { 'idempotency-key': 'm1', accept },
      });
    const first = await say('hello', 'application/json');
    expect((await say('hello', 'application/json')).body).toEqual(first.body);
    expect((await say('hello', 'text/event-stream')).body).toContain(first.body.turnId);
    expect(await say('bye', 'application/json')).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    });
    const log = await stage.call('GET', `/v1/conversations/${id}/messages`, { key: stage.keys.channel });
    expect(log.body.messages).toHaveLength(2);
  });
});

describe('limits', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start({
      TENANT_REQUESTS_PER_MINUTE: '40',
      CUSTOMER_REQUESTS_PER_MINUTE: '5',
      ADDRESS_REQUESTS_PER_MINUTE: '30',
    });
  });
  afterAll(() => stage.stop());

  const say = (id: string, headers: Record<string, string> = {}) =>
    stage.call('POST', `/v1/conversations/${id}/messages`, {
      key: stage.keys.channel,
      body: { text: 'hi' },
      headers,
    });

  it('count a customer over all their conversations, and tell them to wait in their language', async () => {
    const one = await stage.conversation(stage.keys.channel, 'chatty');
    const two = await stage.conversation(stage.keys.channel, 'chatty');
    for (const [id, left] of [
      [one, 2],
      [two, 1],
      [one, 0],
    ] as const) {
      const { status, headers } = await say(id);
      expect([status, headers.get('ratelimit-remaining'), headers.get('ratelimit-limit')]).toEqual([
        200,
        String(left),
        '5',
      ]);
      expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    }
    const heard = stage.dialogue.heard.length;
    const refused = await say(two);
    expect(refused).toMatchObject({ status: 429, body: { code: 'resource_exhausted' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body.detail).toMatch(/Please wait \d+ s/);
    expect(refused.body.detail).toMatch(/请 \d+ 秒后再试/);
    expect((await say(two, { 'accept-language': 'zh-CN,zh;q=0.9' })).body.detail).not.toMatch(/Please/);
    expect((await say(two, { 'accept-language': 'en' })).body.detail).not.toMatch(/请/);
    expect(stage.dialogue.heard).toHaveLength(heard);

    const another = await stage.conversation(stage.keys.channel, 'quiet');
    expect((await say(another)).status).toBe(200);
  });

  it('do not count what an agent says against the customer', async () => {
    const id = await stage.conversation(stage.keys.channel, 'served');
    for (let times = 0; times < 7; times += 1) {
      const { status } = await stage.call('POST', `/v1/conversations/${id}/messages`, {
        key: stage.keys.agent,
        body: { text: 'hi' },
      });
      expect(status).toBe(200);
    }
  });

  it("count a tenant's requests, of which a neighbour feels nothing", async () => {
    const neighbour = await stage.tenant('neighbour');
    let refused = 0;
    for (let times = 0; times < 45; times += 1)
      refused += Number((await stage.call('GET', '/v1/models', { key: stage.keys.channel })).status === 429);
    expect(refused).toBeGreaterThan(5);
    expect((await stage.call('GET', '/v1/models', { key: neighbour.keys.channel })).status).toBe(200);
  });

  it('count every frame of a WebSocket, whatever it says', async () => {
    const { keys } = await stage.tenant('noisy');
    const id = await stage.conversation(keys.channel);
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/v1/ws?conversation=${id}`, {
      headers: { authorization: `Bearer ${keys.channel}` },
    });
    const statuses = new Set<number>();
    socket.on('message', (text) => {
      const { type, data } = JSON.parse(String(text));
      if (type === 'error') statuses.add(data.status);
    });
    await once(socket, 'open');
    for (let times = 0; times < 25; times += 1) {
      socket.send('{"type":"typing"}');
      socket.send('{broken');
    }
    await eventually('the limit is told', () => statuses.has(429));
    expect(statuses).toEqual(new Set([400, 429]));
    socket.close();
  });

  it('of a tenant of its own act within five seconds', async () => {
    const { id, keys } = await stage.tenant('small');
    const key = stage.platformKey;
    await stage.call('PUT', `/v1/tenants/${id}/limits`, { key, body: { requestsPerMinute: 2 } });
    const limit = async () =>
      (await stage.call('GET', '/v1/models', { key: keys.channel })).headers.get('ratelimit-limit');
    expect(await limit()).toBe('2');
  });

  it('count who guesses keys by address, and then look no more keys up for it', async () => {
    const unused = await stage.tenant('unused');
    const statuses = new Set<number>();
    for (let times = 0; times < 40; times += 1)
      statuses.add((await stage.call('GET', '/v1/models', { key: `fd_channel_${'x'.repeat(43)}` })).status);
    expect(statuses).toEqual(new Set([401, 429]));
    const { status } = await stage.call('GET', '/v1/models', { key: unused.keys.channel });
    expect(status).toBe(429);
  });
});
