import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayConfig } from '../config.js';
import { IdentityProvider } from './identity-provider.js';

describe('an identity provider whose keys cannot be had', () => {
  let url: string;
  let keys: { status: number; body: string };
  const server = createServer(({ url: path }, response) => {
    if (path === '/keys') return response.writeHead(keys.status).end(keys.body);
    response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const identify = (head: object) => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const config = { OIDC_ISSUER: url, OIDC_AUDIENCE: 'frontdesk' } as GatewayConfig;
    return new IdentityProvider(config).identify(`${encode(head)}.${encode({ sub: 'someone' })}.AAAA`);
  };

  it.each([
    [502, 'Bad Gateway'],
    [200, 'oops'],
    [200, '{"keys":"oops"}'],
  ])('leaves every token undecided: %i %s', async (status, body) => {
    keys = { status, body };
    await expect(identify({ alg: 'RS256', kid: 'k1' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('still knows what is no token of its own', async () => {
    keys = { status: 200, body: '{"keys":[]}' };
    for (const head of [{ alg: 'RS256', kid: 'k2' }, { alg: 'HS256' }, { alg: 'RS256', crit: ['x'], x: 1 }])
      expect(await identify(head)).toBeUndefined();
  });
});
