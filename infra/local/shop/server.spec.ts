import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { ordersAt, type Order } from './orders.ts';
import { startShop, type RunningShop } from './server.ts';

describe('the demo orders', () => {
  const now = new Date('2031-03-05T10:00:00Z');
  const byId = (id: string) => ordersAt(now).find((order) => order.id === id)!;
  const happened = (time: string | undefined) => time !== undefined && new Date(time) < now;

  it('shows one situation each, whatever the day', () => {
    expect(ordersAt(now).map(({ id, status }) => [id, status])).toEqual([
      ['A1001', 'shipped'],
      ['A1002', 'paid'],
      ['A1003', 'delivered'],
      ['A1004', 'paid'],
      ['A1005', 'cancelled'],
    ]);
    expect(new Date(byId('A1002').promisedBy) > now).toBe(true);
    expect(new Date(byId('A1004').promisedBy) < now).toBe(true);
  });

  it.each(ordersAt(now))('$id tells of nothing that is still to come, in the order it happened', (order) => {
    const told = [order.placedAt, order.paidAt, order.shippedAt, order.deliveredAt ?? order.cancelledAt];
    const course = told.filter((time) => time !== undefined);
    expect(course.every(happened)).toBe(true);
    expect(course).toEqual(course.toSorted());
    expect(happened(order.shippedAt)).toBe(order.status === 'shipped' || order.status === 'delivered');
    expect(happened(order.deliveredAt)).toBe(order.status === 'delivered');
    expect(happened(order.cancelledAt)).toBe(order.status === 'cancelled');
  });

  it('names carrier and tracking number once a parcel has left', () => {
    for (const order of ordersAt(now)) {
      expect([order.carrier, order.trackingNumber].every(Boolean)).toBe(order.shippedAt !== undefined);
    }
  });

  it('adds totals up, and gives back what a cancelled order cost', () => {
    expect(byId('A1001').total).toEqual({ amount: 527, currency: 'CNY' });
    expect(byId('A1003').total).toEqual({ amount: 93, currency: 'USD' });
    expect(byId('A1005').refund).toMatchObject(byId('A1005').total);
  });
});

describe('the order service', () => {
  let shop: RunningShop;
  beforeAll(async () => {
    shop = await startShop({ port: 0 });
  });
  afterAll(() => shop.close());

  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(shop.url + path, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it.each(['A1001', 'a1001'])('finds %s, in either case', async (id) => {
    const { status, headers, body } = await get(`/orders/${id}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({ id: 'A1001', status: 'shipped', carrier: 'ZTO Express' });
  });

  it('lists the orders of one customer only', async () => {
    const { body } = await get('/orders?customerId=demo-customer');
    expect((body as { orders: Order[] }).orders.map((order) => order.id)).toEqual([
      'A1001',
      'A1002',
      'A1003',
      'A1004',
      'A1005',
    ]);
    expect((await get('/orders?customerId=somebody-else')).body).toEqual({ orders: [] });
  });

  it.each([
    ['an unknown id', '/orders/A9999', 404, 'No such order'],
    ['a broken escape', '/orders/%E0%A4', 404, 'No such order'],
    ['a very long id', `/orders/${'9'.repeat(4_000)}`, 404, 'No such order'],
    ['a longer path', '/orders/A1001/items', 404, 'No such page'],
    ['the root', '/', 404, 'No such page'],
    ['a list of nobody', '/orders', 400, 'Customer missing'],
    ['an empty customer', '/orders?customerId=', 400, 'Customer missing'],
  ])('explains %s as a problem', async (_, path, status, title) => {
    const { headers, body } = await get(path);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({ type: 'about:blank', title, status, detail: expect.any(String) });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses %s without reading its body', async (method) => {
    const { status, headers } = await get('/orders/A1001', { method, body: 'x'.repeat(100_000) });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET');
  });

  it('refuses headers beyond its bound', async () => {
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${shop.url}/healthz`, { headers: { 'x-filler': 'x'.repeat(10_000) } });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });
    expect(status).toBe(431);
  });

  it('says that it is up', async () => {
    expect((await get('/healthz')).body).toEqual({ status: 'ok' });
  });

  it('rejects when its port is taken', async () => {
    await expect(startShop({ port: Number(new URL(shop.url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('node server.ts', () => {
  const run = (env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url)), ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });

  it('runs without a build and helps', () => {
    expect(run({}, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('GET /orders/A1001'),
    });
  });

  it('refuses a port that is none in one sentence', () => {
    expect(run({ PORT: '80x' })).toMatchObject({
      status: 1,
      stderr: 'PORT must be a number from 0 to 65535, not "80x".\n',
    });
  });
});
