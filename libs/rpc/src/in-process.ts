/**
 * The transport between services of one process. Promises what gRPC promises: the same bytes, limits, deadlines,
 * cancellation and errors, and the same context and nothing more. Messages are encoded, so the two sides never
 * share an object.
 */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { toAppError } from '@frontdesk/core';
import { rpcClient } from './client.js';
import type { ClientOptions, OutgoingCall, RpcClient, RpcTransport } from './client.js';
import { onAbort, portable, unavailable } from './failures.js';
import type { MethodTable, OpenCall } from './method-table.js';
import type { IncomingCall } from './server-call.js';

/** The services of this process, by type name. */
export class InProcessNetwork {
  private readonly services = new Map<string, ServedTable>();

  serve(table: MethodTable): void {
    this.services.set(table.service.typeName, new ServedTable(table));
  }

  serves(service: DescService): boolean {
    return this.services.has(service.typeName);
  }

  /** Refuses new calls of the service, lets live ones finish, and cancels those left after `graceMs`. */
  async drain(service: DescService, graceMs: number): Promise<void> {
    const served = this.services.get(service.typeName);
    this.services.delete(service.typeName);
    await served?.drain(graceMs);
  }

  /** Throws `unavailable` where nothing serves the method, as an address would where nobody listens. */
  open(method: DescMethod, call: OutgoingCall): LiveCall {
    const served = this.services.get(method.parent.typeName);
    if (!served) throw unavailable(new Error(`${method.parent.typeName} is not served in this process.`));
    return served.open(method, call);
  }
}

/** The client of a service which the network serves by the time it is called. */
export function inProcessClient<S extends DescService>(
  service: S,
  network: InProcessNetwork,
  options: ClientOptions = {},
): RpcClient<S> {
  return rpcClient(service, new InProcessTransport(network), options);
}

class InProcessTransport implements RpcTransport {
  constructor(private readonly network: InProcessNetwork) {}

  async unary(method: DescMethod, request: Uint8Array, call: OutgoingCall): Promise<Uint8Array> {
    const live = this.network.open(method, call);
    try {
      return await live.call.unary(request);
    } catch (thrown) {
      throw portable(toAppError(thrown));
    } finally {
      live.close();
    }
  }

  async *stream(
    method: DescMethod,
    request: Uint8Array,
    call: OutgoingCall,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const live = this.network.open(method, call);
    try {
      yield* live.call.stream(request);
    } catch (thrown) {
      throw portable(toAppError(thrown));
    } finally {
      live.close();
    }
  }
}

/** The longest delay a timer can hold; a later deadline is as good as none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface LiveCall {
  readonly call: OpenCall;
  close(): void;
}

class ServedTable {
  private readonly live = new Set<OpenCall>();
  private whenIdle: () => void = () => {};

  constructor(private readonly table: MethodTable) {}

  open(method: DescMethod, outgoing: OutgoingCall): LiveCall {
    const call = this.table.open(method, received(outgoing));
    const stopListening = onAbort(outgoing.signals, () => call.cancel());
    const timer = setTimeout(() => call.cancel(), Math.min(outgoing.deadline - Date.now(), MAX_TIMER_MS));
    this.live.add(call);
    const close = () => {
      clearTimeout(timer);
      stopListening();
      this.live.delete(call);
      if (this.live.size === 0) this.whenIdle();
    };
    return { call, close };
  }

  async drain(graceMs: number): Promise<void> {
    if (this.live.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const graceOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    const idle = new Promise<void>((resolve) => (this.whenIdle = resolve));
    await Promise.race([idle, graceOver]);
    clearTimeout(timer);
    for (const call of this.live) call.cancel(unavailable());
  }
}

function received({ headers, deadline }: OutgoingCall): IncomingCall {
  return { header: (name) => headers[name], headers: () => Object.entries(headers), deadline };
}
