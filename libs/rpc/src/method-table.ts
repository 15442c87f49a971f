/**
 * The methods of one service as bytes in, bytes out: what a transport needs to serve it and all it may know.
 * Promises that every handler runs under the caller's context, with a deadline and a signal, at every step of a
 * stream too; that a stream is produced no faster than it is read, and its generator is closed when the reader
 * leaves; and that only AppErrors come out.
 */
import { fromBinary } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { AppError } from '@frontdesk/core';
import { encode } from './encode.js';
import type { RpcObserver } from './observer.js';
import { ServerCall } from './server-call.js';
import type { CallContext, CallPolicy, IncomingCall } from './server-call.js';
import { methodName } from './telemetry.js';
import type { MethodName } from './telemetry.js';

/** Time for a call whose caller sets no deadline and whose options name none. */
export const UNARY_TIMEOUT_MS = 5_000;
export const STREAM_TIMEOUT_MS = 60_000;

export interface ServeOptions {
  /** `mesh` (default): callers are our own services. `edge`: callers are strangers until `identify` is called. */
  readonly trust?: CallPolicy['trust'];
  readonly observer?: RpcObserver;
  /** For callers which set no deadline; default UNARY_TIMEOUT_MS. */
  readonly unaryTimeoutMs?: number;
  /** For callers which set no deadline; default STREAM_TIMEOUT_MS. */
  readonly streamTimeoutMs?: number;
}

/** The handler of a method, typed by the method's descriptor. */
export type Handler<M> = M extends {
  methodKind: infer K;
  input: infer I extends DescMessage;
  output: infer O extends DescMessage;
}
  ? K extends 'unary'
    ? (request: MessageShape<I>, call: CallContext) => Promise<MessageInitShape<O>> | MessageInitShape<O>
    : K extends 'server_streaming'
      ? (request: MessageShape<I>, call: CallContext) => AsyncIterable<MessageInitShape<O>>
      : never
  : never;

/** A service as plain functions by local name; what is left out answers `unimplemented`. */
export type ServiceImplementation<S extends DescService> = {
  [K in keyof S['method']]?: Handler<S['method'][K]>;
};

/** A handler whose types were checked where it was written. */
export type AnyHandler = (request: unknown, call: CallContext) => unknown;

interface Served {
  readonly method: DescMethod;
  readonly name: MethodName;
  readonly policy: CallPolicy;
  readonly handler: AnyHandler;
}

export class MethodTable<S extends DescService = DescService> {
  private readonly served: ReadonlyMap<DescMethod, Served>;

  constructor(
    readonly service: S,
    implementation: ServiceImplementation<S>,
    options: ServeOptions = {},
  ) {
    const handlers = implementation as Record<string, AnyHandler | undefined>;
    this.served = new Map(
      service.methods.map((method) => [
        method,
        {
          method,
          name: methodName('server', method),
          policy: policyFor(method, options),
          handler: handlers[method.localName]?.bind(implementation) ?? unimplemented(method),
        },
      ]),
    );
  }

  /** Opens a call; the transport then asks for `unary` or `stream`, and may `cancel` the call at any time. */
  open(method: DescMethod, incoming: IncomingCall): OpenCall {
    const served = this.served.get(method)!;
    return new OpenCall(served, new ServerCall(served.name, incoming, served.policy));
  }
}

export class OpenCall {
  constructor(
    private readonly served: Served,
    private readonly call: ServerCall,
  ) {}

  /** Without a reason: the caller left. */
  cancel(reason?: AppError): void {
    this.call.cancel(reason);
  }

  /** Throws AppError only. */
  async unary(request: Uint8Array): Promise<Uint8Array> {
    const { method, handler } = this.served;
    try {
      const message = decodeRequest(method.input, request);
      const response = await this.call.step(async () => handler(message, this.call));
      const bytes = encode(method.output, response as MessageInitShape<DescMessage>);
      this.call.succeed();
      return bytes;
    } catch (error) {
      throw this.call.fail(error);
    }
  }

  /** Produces one message for each that is read. Throws AppError only. */
  async *stream(request: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    const { method, handler } = this.served;
    let messages: AsyncIterator<MessageInitShape<DescMessage>> | undefined;
    try {
      const message = decodeRequest(method.input, request);
      const iterable = await this.call.step(async () => handler(message, this.call));
      messages = (iterable as AsyncIterable<MessageInitShape<DescMessage>>)[Symbol.asyncIterator]();
      for (;;) {
        const next = await this.call.step(() => messages!.next());
        if (next.done) {
          messages = undefined;
          this.call.succeed();
          return;
        }
        yield encode(method.output, next.value);
      }
    } catch (error) {
      throw this.call.fail(error);
    } finally {
      this.call.abandon();
      if (messages) closeQuietly(this.call, messages);
    }
  }
}

function policyFor(method: DescMethod, options: ServeOptions): CallPolicy {
  const timeoutMs =
    method.methodKind === 'unary'
      ? (options.unaryTimeoutMs ?? UNARY_TIMEOUT_MS)
      : (options.streamTimeoutMs ?? STREAM_TIMEOUT_MS);
  return {
    trust: options.trust ?? 'mesh',
    timeoutMs,
    ...(options.observer ? { observer: options.observer } : {}),
  };
}

function unimplemented(method: DescMethod): AnyHandler {
  return () => {
    throw new AppError('unimplemented', `${method.parent.typeName}/${method.name} is not offered here.`);
  };
}

function decodeRequest<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    const message = `The request is no ${schema.typeName}: build the caller from the current contracts.`;
    throw new AppError('invalid_argument', message, { cause });
  }
}

/** Lets the generator run its `finally`. It may take its time, and nobody is left to hear it fail. */
function closeQuietly(call: ServerCall, messages: AsyncIterator<unknown>): void {
  void call.enter(() => Promise.resolve(messages.return?.()).catch(() => undefined));
}
