// The baseline: a bare Node HTTP server that pipes each request to an upstream and the answer back. No key, no limit,
// no validation: what any gateway on Node must cost at least.
import { Agent, createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from '../measure.ts';

const upstream = process.env['UPSTREAM']!;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const server = createServer((request, response) => {
  const call = forward(upstream, { method: request.method, headers: request.headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  call.on('error', () => response.destroy());
  request.pipe(call);
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  announce({ url }, async () => server.closeAllConnections());
});
