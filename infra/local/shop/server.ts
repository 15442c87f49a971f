// The shop's order service, small but real: HTTP on loopback, plain Node, no dependency.
//
// Promises: GET alone; an order by its id in either case, a customer's orders as a list, and an
// RFC 9457 problem for everything else. Answers are computed from `orders.ts` at the moment of asking.
// No request body is read, and connections, headers and waiting are bounded.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { ordersAt } from './orders.ts';

export interface RunningShop {
  /** Without a trailing slash, such as `http://127.0.0.1:8090`. */
  readonly url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** Starts the service on 127.0.0.1; port 0 takes any free one. Rejects when the port is in use. */
export async function startShop({ port }: { port: number }): Promise<RunningShop> {
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => send(response, answer(request)),
  );
  server.maxConnections = 256;
  await listen(server, port);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

function answer(request: IncomingMessage): Answer {
  if (request.method !== 'GET') {
    return {
      ...problem(405, 'Method not allowed', 'Use GET: orders are read here, not changed.'),
      headers: { allow: 'GET' },
    };
  }
  const [path = '', query] = (request.url ?? '').split('?', 2);
  if (path === '/healthz') return ok({ status: 'ok' });
  if (path === '/orders') return ordersOf(new URLSearchParams(query).get('customerId'));

  const id = /^\/orders\/([^/]+)$/.exec(path)?.[1];
  return id === undefined ? problem(404, 'No such page', 'Try /orders/A1001.') : orderById(id);
}

function orderById(id: string): Answer {
  const found = ordersAt(new Date()).find((order) => order.id === id.toUpperCase());
  return found
    ? ok(found)
    : problem(404, 'No such order', 'Check the order number: the demo has A1001 to A1005.');
}

function ordersOf(customerId: string | null): Answer {
  if (!customerId)
    return problem(400, 'Customer missing', 'Name the customer: /orders?customerId=demo-customer.');
  return ok({ orders: ordersAt(new Date()).filter((order) => order.customerId === customerId) });
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function problem(status: number, title: string, detail: string): Answer {
  return { status, body: { type: 'about:blank', title, status, detail } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

const HELP = `The demo shop's order service.

  node infra/local/shop/server.ts [--help]

  PORT   the port on 127.0.0.1, 8090 if not given; 0 takes any free one

  GET /orders/A1001                       one order
  GET /orders?customerId=demo-customer    all five
  GET /healthz                            is it up`;

async function main(): Promise<void> {
  if (parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values.help) {
    console.log(HELP);
    return;
  }
  const shop = await startShop({ port: portFrom(process.env['PORT'] ?? '8090') });
  console.log(`The order service listens on ${shop.url}; try ${shop.url}/orders/A1001`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.close());
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`PORT must be a number from 0 to 65535, not "${text}".`);
  return port;
}

function explain(error: NodeJS.ErrnoException): string {
  return error.code === 'EADDRINUSE' ? 'That port is in use: set PORT to another one.' : error.message;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(explain(error as NodeJS.ErrnoException));
    process.exitCode = 1;
  });
}
