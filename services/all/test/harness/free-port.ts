/**
 * A loopback port below the range from which the system takes the near ends of connections: a service that is killed
 * and started again must find its port free.
 */
import { createServer } from 'node:net';

const lowest = 15_000;
const highest = 32_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
