/**
 * The Nest side: a transport strategy that listens nowhere itself, but turns the `@Rpc` handlers of a module, with
 * their guards, pipes, interceptors and filters, into method tables for whichever host serves them.
 *
 * An interceptor sees a stream as one value, the iterable. An Observable may be returned for a stream; it is not
 * paced by its reader, so prefer an async generator.
 */
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { MethodTable } from './method-table.js';
import type { AnyHandler, ServeOptions, ServiceImplementation } from './method-table.js';
import { routeOf } from './rpc.decorator.js';

export class RpcServer extends Server implements CustomTransportStrategy {
  private built: readonly MethodTable[] = [];

  constructor(
    private readonly services: readonly DescService[],
    private readonly options: ServeOptions = {},
  ) {
    super();
  }

  /** One for each service; empty before the application listens. */
  get tables(): readonly MethodTable[] {
    return this.built;
  }

  /** Throws when a controller handles a method of a service that is not served; warns of methods without a handler. */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.refuseStrayHandlers();
      this.built = this.services.map((service) => this.tableOf(service));
      callback();
    } catch (error) {
      callback(error);
    }
  }

  close(): void {
    this.built = [];
  }

  on(): never {
    throw new Error('RpcServer emits no events.');
  }

  unwrap<T>(): T {
    return this.built as T;
  }

  private tableOf(service: DescService): MethodTable {
    const implementation: Record<string, AnyHandler> = {};
    for (const method of service.methods) {
      const handler = this.messageHandlers.get(routeOf(method));
      if (handler) implementation[method.localName] = asImplemented(method, handler);
      else this.logger.warn(`${routeOf(method)} has no @Rpc handler and answers unimplemented.`);
    }
    return new MethodTable(service, implementation as ServiceImplementation<DescService>, this.options);
  }

  private refuseStrayHandlers(): void {
    const served = new Set(this.services.flatMap((service) => service.methods.map(routeOf)));
    const stray = [...this.messageHandlers.keys()].filter((route) => !served.has(route));
    if (stray.length > 0)
      throw new Error(`Handled but not served: ${stray.join(', ')}. Add the service to "serves".`);
  }
}

/** Nest answers with a value, or with an Observable of it where an interceptor or a filter stands in between. */
function asImplemented(method: DescMethod, handler: MessageHandler): AnyHandler {
  if (method.methodKind === 'unary') {
    return async (request, call) => {
      const result: unknown = await handler(request, call);
      return isObservable(result) ? lastValueFrom(result) : result;
    };
  }
  return async (request, call) => {
    const result: unknown = await handler(request, call);
    return isObservable(result) ? flatten(result) : result;
  };
}

async function* flatten(values: Observable<unknown>): AsyncGenerator<unknown, void, undefined> {
  for await (const value of iterate(values)) {
    if (isAsyncIterable(value)) yield* value;
    else yield value;
  }
}

/** Reads an Observable as it comes, keeping what the reader has not taken yet. */
async function* iterate<T>(values: Observable<T>): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = [];
  let wake = () => {};
  let over = false;
  let failure: { readonly error: unknown } | undefined;
  const subscription = values.subscribe({
    next: (value) => (waiting.push(value), wake()),
    error: (error) => ((failure = { error }), wake()),
    complete: () => ((over = true), wake()),
  });
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (failure) throw failure.error;
      if (over) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    subscription.unsubscribe();
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
