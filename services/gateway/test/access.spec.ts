import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { fromBinary } from '@bufbuild/protobuf';
import type { EventBus } from '@frontdesk/events';
import { tenantTopic } from '@frontdesk/contracts';
import type { TenantEvent } from '@frontdesk/contracts/events/v1/tenant_events';
import { eventually } from '@frontdesk/testing';
import { newKey } from '../src/access/credential.js';
import { Stage } from './stage.js';

let stage: Stage;
let issuer: Issuer;
beforeAll(async () => {
  issuer = await Issuer.start();
  stage = await Stage.start({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'frontdesk' });
});
afterAll(async () => {
  await stage.stop();
  await issuer.stop();
});

/** Every route with every kind of key: 401 without one, 403 with one of another kind, and neither with its own. */
describe('the matrix of routes and keys', () => {
  const kinds = ['channel', 'agent', 'admin', 'platform'] as const;
  const keyOf = (kind: (typeof kinds)[number]): string =>
    kind === 'platform' ? stage.platformKey : stage.keys[kind];
  const pathOf = (path: string): string => path.replace(/:\w+/g, 'unknown');

  it('lets in whom a route names, and nobody else', async () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const { method, path, contract } of stage.routes) {
      const url = pathOf(path);
      const none = await stage.call(method, url);
      if (none.status !== 401 || none.headers.get('www-authenticate') !== 'Bearer')
        wrong.push(`${method} ${path} nobody ${none.status}`);
      for (const kind of kinds) {
        if (contract.events && !contract.answer && contract.allow.includes(kind)) continue;
        const { status } = await stage.call(method, url, { key: keyOf(kind) });
        const refused = status === 401 || status === 403;
        const expected = !contract.allow.includes(kind);
        checked += 1;
        if (refused !== expected || status >= 500) wrong.push(`${method} ${path} ${kind} ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(120);
  });

  it('is checked before the body is read', async () => {
    const { status } = await stage.call('POST', '/v1/conversations', { body: '{broken' });
    expect(status).toBe(401);
  });
});

describe('a key', () => {
  const list = (key: string) => stage.call('GET', '/v1/api-keys', { key });

  it('of any other form, or unknown, gives the same 401', async () => {
    const answers = await Promise.all(
      [
        '',
        'x',
        newKey('admin'),
        newKey('platform'),
        `${stage.keys.admin}x`,
        stage.keys.admin.toUpperCase(),
      ].map(list),
    );
    const { instance: _path, ...first } = answers[0]!.body;
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body).toMatchObject(first);
    }
  });

  it('is listed by its first characters, never as a whole', async () => {
    const { body } = await list(stage.keys.admin);
    expect(body.keys).toHaveLength(3);
    const admin = body.keys.find(({ kind }: { kind: string }) => kind === 'admin');
    expect(stage.keys.admin.startsWith(admin.hint.replace('…', ''))).toBe(true);
    expect(JSON.stringify(body)).not.toContain(stage.keys.admin);
  });

  it('is made, works, and stops working within five seconds of its revocation', async () => {
    const { admin } = stage.keys;
    const made = await stage.call('POST', '/v1/api-keys', {
      key: admin,
      body: { kind: 'admin', name: 'second' },
    });
    expect(made.status).toBe(201);
    expect((await list(made.body.key)).status).toBe(200);
    expect((await stage.call('DELETE', `/v1/api-keys/${made.body.id}`, { key: admin })).status).toBe(204);
    await eventually(
      'the revoked key is refused',
      async () => (await list(made.body.key)).status === 401,
      5_000,
    );
    expect((await stage.call('DELETE', `/v1/api-keys/${made.body.id}`, { key: admin })).status).toBe(404);
  });

  it('cannot revoke itself', async () => {
    const { body } = await list(stage.keys.admin);
    const own = body.keys.find(({ kind }: { kind: string }) => kind === 'admin');
    const answer = await stage.call('DELETE', `/v1/api-keys/${own.id}`, { key: stage.keys.admin });
    expect(answer).toMatchObject({ status: 409, body: { code: 'failed_precondition' } });
  });

  it('expires', async () => {
    const { admin } = stage.keys;
    const past = new Date(Date.now() - 1_000).toISOString();
    const body = { kind: 'admin', name: 'short' };
    expect(
      (await stage.call('POST', '/v1/api-keys', { key: admin, body: { ...body, expiresAt: past } })).status,
    ).toBe(422);
    const soon = new Date(Date.now() + 700).toISOString();
    const made = await stage.call('POST', '/v1/api-keys', { key: admin, body: { ...body, expiresAt: soon } });
    expect((await list(made.body.key)).status).toBe(200);
    await eventually(
      'the expired key is refused',
      async () => (await list(made.body.key)).status === 401,
      5_000,
    );
  });

  it('is rotated, with an overlap where it is wished for', async () => {
    const { admin } = stage.keys;
    const made = await stage.call('POST', '/v1/api-keys', {
      key: admin,
      body: { kind: 'admin', name: 'third' },
    });
    const rotated = await stage.call('POST', `/v1/api-keys/${made.body.id}/rotate`, {
      key: admin,
      body: { overlapSeconds: 60 },
    });
    expect(rotated).toMatchObject({ status: 201, body: { kind: 'admin', name: 'third' } });
    expect((await list(rotated.body.key)).status).toBe(200);
    expect((await list(made.body.key)).status).toBe(200);
    await stage.call('POST', `/v1/api-keys/${rotated.body.id}/rotate`, { key: admin });
    await eventually(
      'the rotated key is refused',
      async () => (await list(rotated.body.key)).status === 401,
      5_000,
    );
  });

  it("is no key to another tenant's", async () => {
    const other = await stage.tenant('other');
    const { body } = await list(other.keys.admin);
    for (const { id } of body.keys) {
      const foreign = await stage.call('DELETE', `/v1/api-keys/${id}`, { key: stage.keys.admin });
      const unknown = await stage.call('DELETE', '/v1/api-keys/unknown', { key: stage.keys.admin });
      expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    }
    expect((await list(other.keys.admin)).body.keys).toHaveLength(3);
  });
});

describe('a tenant', () => {
  it("finds another's conversation as little as one that never was", async () => {
    const other = await stage.tenant('neighbour');
    const theirs = await stage.conversation(other.keys.channel);
    const wrong: string[] = [];
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/messages'],
      ['GET', '/events'],
      ['POST', '/messages', { text: 'hello' }],
      ['POST', '/typing'],
      ['POST', '/handoff'],
      ['POST', '/close'],
      ['POST', '/feedback', { rating: 1 }],
    ] as const) {
      const [foreign, unknown] = await Promise.all(
        [theirs, 'never-was'].map((id) =>
          stage.call(method, `/v1/conversations/${id}${path}`, {
            key: stage.keys.channel,
            ...(body && { body }),
          }),
        ),
      );
      const same =
        JSON.stringify({ ...foreign!.body, instance: 0 }) ===
        JSON.stringify({ ...unknown!.body, instance: 0 });
      if (foreign!.status !== 404 || !same) wrong.push(`${method} ${path} ${foreign!.status}`);
    }
    expect(wrong).toEqual([]);
    const log = await stage.call('GET', `/v1/conversations/${theirs}/messages`, { key: other.keys.channel });
    expect(log.body.messages).toEqual([]);
  });

  it('has limits of its own, and goes back to the configured ones', async () => {
    const { id } = await stage.tenant('limited');
    const path = `/v1/tenants/${id}/limits`;
    const key = stage.platformKey;
    const none = { requestsPerMinute: null, perCustomerPerMinute: null, llmTokensPerDay: null };
    expect((await stage.call('GET', path, { key })).body).toEqual(none);
    const set = { requestsPerMinute: 10, perCustomerPerMinute: 5, llmTokensPerDay: 1_000_000 };
    expect((await stage.call('PUT', path, { key, body: set })).body).toEqual(set);
    expect((await stage.call('GET', path, { key })).body).toEqual(set);
    expect((await stage.call('PUT', path, { key, body: {} })).body).toEqual(none);
    expect((await stage.call('GET', '/v1/tenants/unknown/limits', { key })).status).toBe(404);
  });

  it('is listed, and erased: its keys end, and every service is told', async () => {
    const told: TenantEvent[] = [];
    const { bus } = stage.mesh.process as unknown as { bus: EventBus };
    const listening = await bus.consume({
      group: 'test',
      topics: [tenantTopic.name],
      handle: async ({ payload }) => void told.push(fromBinary(tenantTopic.message, payload)),
    });
    const { id, keys } = await stage.tenant('leaving');
    const key = stage.platformKey;
    const ids = async (): Promise<string[]> =>
      (await stage.call('GET', '/v1/tenants?limit=200', { key })).body.tenants.map(
        (tenant: { id: string }) => tenant.id,
      );
    expect(await ids()).toContain(id);
    expect((await stage.call('DELETE', `/v1/tenants/${id}`, { key })).status).toBe(204);
    expect(await ids()).not.toContain(id);
    expect((await stage.call('DELETE', `/v1/tenants/${id}`, { key })).status).toBe(404);
    await eventually(
      'its keys are refused',
      async () => (await stage.call('GET', '/v1/api-keys', { key: keys.admin })).status === 401,
      5_000,
    );
    await eventually('every service is told', () =>
      told.some((event) => event.tenantId === id && event.fact.case === 'erased'),
    );
    await listening.stop();
  });

  it('is listed in pages', async () => {
    const key = stage.platformKey;
    const first = await stage.call('GET', '/v1/tenants?limit=2', { key });
    expect(first.body.tenants).toHaveLength(2);
    const second = await stage.call('GET', `/v1/tenants?limit=200&cursor=${first.body.nextCursor}`, { key });
    expect(second.body.tenants[0].id > first.body.tenants[1].id).toBe(true);
  });
});

describe('a token of the identity provider', () => {
  const list = (token: string) => stage.call('GET', '/v1/api-keys', { key: token });
  const claims = () => ({ tenant: stage.tenantId, role: 'admin' });

  it('speaks for its tenant and role', async () => {
    expect((await list(await issuer.token(claims()))).status).toBe(200);
    const agent = await issuer.token({ ...claims(), role: 'agent' }, { subject: 'ann' });
    expect((await list(agent)).status).toBe(403);
    const status = await stage.call('PUT', '/v1/agents/me/status', {
      key: agent,
      body: { status: 'online' },
    });
    expect(status.body.id).toBe('ann');
  });

  it('is refused when anything about it is wrong', async () => {
    const base = claims();
    const now = Math.floor(Date.now() / 1_000);
    const [head, body] = (await issuer.token(base)).split('.') as [string, string];
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmacHead = encode({ alg: 'HS256', typ: 'JWT', kid: 'k1' });
    const publicPem = await exportSPKI(issuer.publicKey);
    const stranger = await generateKeyPair('RS256');
    const bad: Record<string, string> = {
      'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      'HMAC with the public key': `${hmacHead}.${body}.${createHmac('sha256', publicPem).update(`${hmacHead}.${body}`).digest('base64url')}`,
      'no signature': `${head}.${body}.`,
      'signature of a stranger': await issuer.token(base, { key: stranger.privateKey }),
      'unknown key id': await issuer.token(base, { kid: 'k2' }),
      'key id with a path': await issuer.token(base, { kid: '../../etc/passwd' }),
      'wrong audience': await issuer.token(base, { audience: 'elsewhere' }),
      'no audience': await issuer.token(base, { audience: null }),
      'wrong issuer': await issuer.token(base, { issuer: 'https://elsewhere.example' }),
      expired: await issuer.token(base, { expiresAt: now - 60 }),
      'no expiry': await issuer.token(base, { expiresAt: null }),
      'not yet valid': await issuer.token({ ...base, nbf: now + 600 }),
      'unknown tenant': await issuer.token({ ...base, tenant: 'unknown' }),
      'no tenant': await issuer.token({ role: 'admin' }),
      'role platform': await issuer.token({ ...base, role: 'platform' }),
      'role service': await issuer.token({ ...base, role: 'service' }),
    };
    const letIn: string[] = [];
    for (const [what, token] of Object.entries(bad)) {
      const { status } = await list(token);
      if (status !== 401) letIn.push(`${what}: ${status}`);
    }
    expect(letIn).toEqual([]);
  });
});

/** An OpenID provider with one key. */
class Issuer {
  url = '';
  private constructor(
    private readonly server: Server,
    private readonly privateKey: CryptoKey,
    readonly publicKey: CryptoKey,
  ) {}

  static async start(): Promise<Issuer> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    const server = createServer((request, response) => {
      const document = request.url?.includes('openid-configuration')
        ? { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }
        : { keys: [jwk] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new Issuer(server, privateKey, publicKey);
    started.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return started;
  }

  token(
    claims: Record<string, unknown>,
    change: {
      key?: CryptoKey;
      kid?: string;
      audience?: string | null;
      issuer?: string;
      subject?: string;
      expiresAt?: number | null;
    } = {},
  ): Promise<string> {
    const {
      key = this.privateKey,
      kid = 'k1',
      audience = 'frontdesk',
      expiresAt = Math.floor(Date.now() / 1_000) + 600,
    } = change;
    const token = new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(change.issuer ?? this.url)
      .setSubject(change.subject ?? 'someone');
    if (audience !== null) token.setAudience(audience);
    if (expiresAt !== null) token.setExpirationTime(expiresAt);
    return token.sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
