/** What a customer is told when the shop's order system is down, slow, or says nonsense. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onEachDatabase } from './stage.js';

let answer: RequestListener;
let requests = 0;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

onEachDatabase(
  'a turn about an order',
  (stage) => {
    const json =
      (status: number, body: string): RequestListener =>
      (_, response) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body);
      };
    const paid = json(
      200,
      JSON.stringify({ id: 'A1', status: 'paid', promisedBy: '2999-01-01T00:00:00+08:00' }),
    );

    it.each<[string, RequestListener]>([
      ['is slow', () => undefined],
      ['fails', json(500, '{}')],
      ['answers no JSON', json(200, '<html>')],
      ['knows a status that we do not', json(200, JSON.stringify({ id: 'A1', status: 'lost in space' }))],
      ['sends us elsewhere', (_, response) => void response.writeHead(302, { location: '/' }).end()],
    ])('says so, and offers a person, when the order system %s', async (_, broken) => {
      answer = paid;
      // A success between the failures keeps the breaker closed, so that each of them is really asked.
      expect((await (await stage.open()).say('A1000')).text).toMatch(
        /is paid and should arrive by 1 January/,
      );
      answer = broken;
      const chat = await stage.open();
      const startedAt = Date.now();
      const told = await chat.say('A1001');
      expect(Date.now() - startedAt).toBeLessThan(3_000);
      expect(told.text).toMatch(/cannot reach the order system .* no news of A1001/);
      expect(told.reply!.degraded).toBe(true);
      expect((await chat.say('yes')).reply!.handoff!.reason).toBe('customer_request');
    });

    it('tells the order system who asks', async () => {
      let asked: IncomingHttpHeaders = {};
      answer = (request, response) => {
        asked = request.headers;
        paid(request, response);
      };
      const chat = await stage.open();
      await chat.say('A1000');
      expect(asked['x-tenant-id']).toBe(chat.tenantId);
      expect(asked['x-customer-id']).toBe('c1');
    });

    it('stops asking after five failures in a row', async () => {
      answer = paid;
      await (await stage.open()).say('A1000');
      answer = json(500, '{}');
      const chat = await stage.open();
      for (let failure = 0; failure < 5; failure += 1) await chat.say('A1001');
      const before = requests;
      expect((await chat.say('A1001')).reply!.degraded).toBe(true);
      expect(requests).toBe(before);
    });
  },
  () => ({ ORDERS_URL: url }),
);
