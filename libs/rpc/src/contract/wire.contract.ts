/** What the parts of the contract share: services offered over the transport under test. */
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import type { AppError } from '@frontdesk/core';
import type { DescService } from '@bufbuild/protobuf';
import type { ClientOptions, RpcClient } from '../client.js';
import { MethodTable } from '../method-table.js';
import type { ServeOptions, ServiceImplementation } from '../method-table.js';
import type { CallContext } from '../server-call.js';

/** A transport with tables behind it. */
export interface Wire {
  client<S extends DescService>(service: S, options?: ClientOptions): RpcClient<S>;
  drain(graceMs: number): Promise<void>;
}

/** Puts tables behind the transport under test. */
export type Serve = (tables: readonly MethodTable[]) => Promise<Wire>;

export type Dialogue = ServiceImplementation<typeof DialogueService>;
export type BothOptions = ServeOptions & { readonly client?: ClientOptions };

export interface Offering {
  readonly serve: Serve;
  /** A client of a service with this implementation. */
  offer<S extends DescService>(
    service: S,
    implementation: ServiceImplementation<S>,
    options?: BothOptions,
  ): Promise<RpcClient<S>>;
  dialogue(implementation: Dialogue, options?: BothOptions): Promise<RpcClient<typeof DialogueService>>;
}

/** Each wire is drained after its test. */
export function offering(serve: Serve): Offering {
  const wires: Wire[] = [];
  afterEach(async () => {
    await Promise.all(wires.splice(0).map((wire) => wire.drain(0)));
  });

  const offer = async <S extends DescService>(
    service: S,
    implementation: ServiceImplementation<S>,
    options: BothOptions = {},
  ): Promise<RpcClient<S>> => {
    const wire = await serve([new MethodTable(service, implementation, options) as MethodTable]);
    wires.push(wire);
    return wire.client(service, options.client);
  };
  return {
    serve,
    offer,
    dialogue: (implementation, options) => offer(DialogueService, implementation, options),
  };
}

export async function failureOf(call: Promise<unknown>): Promise<AppError> {
  return call.then(
    () => Promise.reject(new Error('The call should have failed.')),
    (error: AppError) => error,
  );
}

export function aborted({ signal }: CallContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

export async function readAll(stream: AsyncIterable<unknown>): Promise<{ read: number; error: unknown }> {
  let read = 0;
  try {
    for await (const _ of stream) read++;
    return { read, error: undefined };
  } catch (error) {
    return { read, error };
  }
}

/** Resolves when the value has stopped changing. */
export async function settled(value: () => number): Promise<void> {
  let last: number;
  do {
    last = value();
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (last !== value());
}
