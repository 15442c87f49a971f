/** WebSocket handshakes take the same way in as every request: they are routed, admitted and read before they become one. */
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { Refusal } from './problem.js';

/** 8,000 characters, each escaped as `\\uXXXX`, and what stands around them. */
const mostBytes = 64 * 1024;

const heads = new WeakMap<IncomingMessage, Buffer>();

const sockets = new WebSocketServer({
  noServer: true,
  maxPayload: mostBytes,
  perMessageDeflate: false,
  // A browser insists that one of its subprotocols is taken; the one that carries the key is the last choice.
  handleProtocols: (offered) => [...offered].find((name) => !name.startsWith('bearer.')) ?? [...offered][0]!,
});

export function acceptUpgrades(web: FastifyInstance): void {
  web.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has let go of the socket, and ws takes it only when the request was let in.
    socket.on('error', () => socket.destroy());
    heads.set(request, head);
    const response = new ServerResponse(request);
    response.assignSocket(socket as never);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    web.routing(request, response);
  });
}

/** Turns a request that was let in into a WebSocket. Throws 426 for one that asked for none. */
export function upgrade(request: FastifyRequest, reply: FastifyReply): Promise<WebSocket> {
  const head = heads.get(request.raw);
  if (!head) throw new Refusal(426, 'upgrade_required', 'Connect with a WebSocket client.');
  reply.hijack();
  const { socket } = request.raw;
  reply.raw.detachSocket(socket);
  reply.raw.statusCode = 101;
  return new Promise((resolve) =>
    sockets.handleUpgrade(request.raw, socket, head, (webSocket) => {
      webSocket.once('close', () => reply.raw.emit('close'));
      resolve(webSocket);
    }),
  );
}
