import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/**
 * A server that closes takes no more connections and waits for the answers in hand. Connections that are kept alive
 * would keep it waiting for the next request, so they are closed as they fall idle; after `graceMs` all are.
 */
export function leaveInPeace(web: FastifyInstance, graceMs: number): void {
  let idle: NodeJS.Timeout | undefined;
  let force: NodeJS.Timeout | undefined;
  web.addHook('preClose', (done) => {
    idle = setInterval(() => web.server.closeIdleConnections(), lookEveryMs);
    force = setTimeout(() => web.server.closeAllConnections(), graceMs);
    done();
  });
  web.addHook('onClose', (_web, done) => {
    clearInterval(idle);
    clearTimeout(force);
    done();
  });
}
