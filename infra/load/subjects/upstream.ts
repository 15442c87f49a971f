// What a bare pipe forwards to: answers every POST at once with a reply of realistic size.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from '../measure.ts';
import { replyJson } from './reply.ts';

const server = createServer((request, response) => {
  request
    .resume()
    .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(replyJson));
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  announce({ url }, async () => server.closeAllConnections());
});
