/**
 * The port for the platform: `/healthz` (the process lives; checks no dependency), `/readyz` (it can take work),
 * `/metrics`. Open from the first moment, so that a start-up probe sees a live process that is not ready yet.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderMetrics } from './metrics.js';

export interface Readiness {
  readonly ready: boolean;
  /** What stands behind the verdict, by name: "ok" or a sentence. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Admin {
  readonly port: number;
  close(): Promise<void>;
}

export async function startAdmin(
  port: number,
  host: string,
  readiness: () => Promise<Readiness>,
): Promise<Admin> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/')
      .catch((error: unknown) => ({ status: 500, type: 'text/plain', body: String(error) }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });

  async function answer(path: string): Promise<{ status: number; type: string; body: string }> {
    switch (path.split('?')[0]) {
      case '/healthz':
        return { status: 200, type: 'application/json', body: '{"alive":true}' };
      case '/readyz': {
        const state = await readiness();
        return { status: state.ready ? 200 : 503, type: 'application/json', body: JSON.stringify(state) };
      }
      case '/metrics': {
        const { contentType, body } = await renderMetrics();
        return { status: 200, type: contentType, body };
      }
      default:
        return { status: 404, type: 'text/plain', body: 'Try /healthz, /readyz or /metrics.\n' };
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
