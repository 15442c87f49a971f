import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/**
 * A server that closes takes no more connections and waits for the answers in hand. Connections that are kept alive,
 * and those that browsers open ahead of a request, would keep it waiting for nothing, so they are closed as they fall
 * idle; after `graceMs` all are.
 */
export function leaveInPeace(web: FastifyInstance, graceMs: number): void {
  /** Not counted as idle by Node before their first request. */
  const unused = new Set<Socket>();
  let looking: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  web.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  web.server.on('request', ({ socket }: { socket: Socket }) => unused.delete(socket));
  web.server.on('upgrade', ({ socket }: { socket: Socket }) => unused.delete(socket));

  web.addHook('preClose', (done) => {
    looking = setInterval(() => {
      web.server.closeIdleConnections();
      for (const socket of unused) socket.destroy();
    }, lookEveryMs);
    patience = setTimeout(() => web.server.closeAllConnections(), graceMs);
    done();
  });
  web.addHook('onClose', (_web, done) => {
    clearInterval(looking);
    clearTimeout(patience);
    done();
  });
}
