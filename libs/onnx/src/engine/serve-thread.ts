/** The other side of `thread.ts`: answers orders one after the other. */
import { parentPort } from 'node:worker_threads';
import type { CloseOrder, ThreadAnswer } from './thread.ts';

/** `moved` are the buffers of the answer that need not be copied. */
export interface Served {
  readonly answer: unknown;
  readonly moved?: readonly ArrayBuffer[];
}

export function serveThread<Order>(carryOut: (order: Order) => Promise<Served>): void {
  const port = parentPort!;
  let previous = Promise.resolve();
  let closing = false;
  port.on('message', (order: (Order & { readonly id: number }) | CloseOrder) => {
    if (order === 'close') closing = true;
    previous = previous.then(async () => {
      if (closing || order === 'close') return port.close();
      try {
        const { answer, moved = [] } = await carryOut(order);
        port.postMessage({ id: order.id, answer } satisfies ThreadAnswer, [...moved]);
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        port.postMessage({ id: order.id, fault } satisfies ThreadAnswer);
      }
    });
  });
}
