/**
 * A typed client over any transport. Promises a deadline on every call, never later than the caller's own; the
 * caller's context in the metadata; cancellation by signal and by leaving a stream; retries of idempotent methods;
 * and AppError for everything that goes wrong, with no text in it that a handler did not mean for its caller.
 */
import { setTimeout } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { context as traceContext } from '@opentelemetry/api';
import type { Context as TraceContext } from '@opentelemetry/api';
import { currentContext, toAppError } from '@frontdesk/core';
import type { AppError, RequestContext } from '@frontdesk/core';
import { writeContext, writeExtra } from './call-metadata.js';
import type { Headers } from './call-metadata.js';
import { encode } from './encode.js';
import { abortReason, cancelled, deadlineExceeded, onAbort } from './failures.js';
import { STREAM_TIMEOUT_MS, UNARY_TIMEOUT_MS } from './method-table.js';
import type { RpcObserver } from './observer.js';
import { RetryBudget, isIdempotent } from './retry.js';
import { methodName, recordOutgoing } from './telemetry.js';
import type { MethodName } from './telemetry.js';

export interface CallOptions {
  /** At most this long; the caller's own deadline still holds. Streams that stay open need it. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Lower-case names, printable ASCII values. */
  readonly metadata?: Readonly<Record<string, string>>;
}

type Call<M> = M extends {
  methodKind: infer K;
  input: infer I extends DescMessage;
  output: infer O extends DescMessage;
}
  ? K extends 'unary'
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : K extends 'server_streaming'
      ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
      : never
  : never;

/** The methods of a service by local name. */
export type RpcClient<S extends DescService> = { readonly [K in keyof S['method']]: Call<S['method'][K]> };

export interface ClientOptions {
  readonly observer?: RpcObserver;
  /** Default UNARY_TIMEOUT_MS. */
  readonly unaryTimeoutMs?: number;
  /** Default STREAM_TIMEOUT_MS. */
  readonly streamTimeoutMs?: number;
}

/** One attempt, as a transport carries it. */
export interface OutgoingCall {
  readonly headers: Readonly<Headers>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Any of them ends the call. */
  readonly signals: readonly AbortSignal[];
}

/** Bytes out, bytes in; throws AppError only. */
export interface RpcTransport {
  unary(method: DescMethod, request: Uint8Array, call: OutgoingCall): Promise<Uint8Array>;
  /** Starts when it is first read, reads ahead by a bounded number of messages. */
  stream(method: DescMethod, request: Uint8Array, call: OutgoingCall): AsyncIterable<Uint8Array>;
}

export function rpcClient<S extends DescService>(
  service: S,
  transport: RpcTransport,
  options: ClientOptions = {},
): RpcClient<S> {
  const budget = new RetryBudget();
  const calls = service.methods.map((method) => {
    const caller = new MethodCaller(method, transport, budget, options);
    const call = method.methodKind === 'unary' ? caller.unary.bind(caller) : caller.stream.bind(caller);
    return [method.localName, call];
  });
  return Object.fromEntries(calls) as RpcClient<S>;
}

class MethodCaller {
  private readonly name: MethodName;
  private readonly idempotent: boolean;
  private readonly timeoutMs: number;

  constructor(
    private readonly method: DescMethod,
    private readonly transport: RpcTransport,
    private readonly budget: RetryBudget,
    private readonly options: ClientOptions,
  ) {
    this.name = methodName('client', method);
    this.idempotent = isIdempotent(method);
    this.timeoutMs =
      method.methodKind === 'unary'
        ? (options.unaryTimeoutMs ?? UNARY_TIMEOUT_MS)
        : (options.streamTimeoutMs ?? STREAM_TIMEOUT_MS);
  }

  async unary(
    request: MessageInitShape<DescMessage>,
    options: CallOptions = {},
  ): Promise<MessageShape<DescMessage>> {
    const { call, recording } = this.begin(callerNow(), options);
    try {
      const bytes = encode(this.method.input, request);
      for (let attempt = 1; ; attempt++) {
        try {
          assertOpen(call);
          const response = fromBinary(
            this.method.output,
            await this.transport.unary(this.method, bytes, call),
          );
          this.budget.succeeded();
          recording.finish();
          return response;
        } catch (thrown) {
          await this.waitForRetry(toAppError(thrown), attempt, call);
        }
      }
    } catch (thrown) {
      throw recording.fail(abortedBy(call) ?? thrown);
    }
  }

  stream(
    request: MessageInitShape<DescMessage>,
    options: CallOptions = {},
  ): AsyncIterable<MessageShape<DescMessage>> {
    return this.read(request, options, callerNow());
  }

  private async *read(
    request: MessageInitShape<DescMessage>,
    options: CallOptions,
    caller: Caller,
  ): AsyncGenerator<MessageShape<DescMessage>, void, undefined> {
    const { call, recording } = this.begin(caller, options);
    let delivered = false;
    try {
      const bytes = encode(this.method.input, request);
      for (let attempt = 1; ; attempt++) {
        try {
          assertOpen(call);
          for await (const response of this.transport.stream(this.method, bytes, call)) {
            delivered = true;
            yield fromBinary(this.method.output, response);
          }
          this.budget.succeeded();
          recording.finish();
          return;
        } catch (thrown) {
          if (delivered) throw thrown;
          await this.waitForRetry(toAppError(thrown), attempt, call);
        }
      }
    } catch (thrown) {
      throw recording.fail(abortedBy(call) ?? thrown);
    } finally {
      if (!recording.finished) recording.finish(cancelled());
    }
  }

  private begin({ context, trace, calledAt }: Caller, options: CallOptions) {
    const headers: Headers = {};
    if (options.metadata) writeExtra(options.metadata, headers);
    if (context) writeContext(context, headers);
    const deadline = calledAt + (options.timeoutMs ?? this.timeoutMs);
    const call: OutgoingCall = {
      headers,
      deadline: Math.min(deadline, context?.deadline ?? deadline),
      signals: [options.signal, context?.signal].filter((signal) => signal !== undefined),
    };
    return { call, recording: recordOutgoing(this.name, trace, headers, this.options.observer) };
  }

  /** Resolves when the call may be tried again, throws the error where it may not. */
  private async waitForRetry(error: AppError, attempt: number, call: OutgoingCall): Promise<void> {
    const waitMs = this.budget.waitAfter(error, attempt, call.deadline - Date.now());
    if (!this.idempotent || waitMs === undefined) throw error;
    const stopWaiting = new AbortController();
    const stopListening = onAbort(call.signals, () => stopWaiting.abort());
    await setTimeout(waitMs, undefined, { signal: stopWaiting.signal }).finally(stopListening);
  }
}

/** Who calls, taken when the method is called: a stream may be read elsewhere. */
interface Caller {
  readonly context: RequestContext | undefined;
  readonly trace: TraceContext;
  readonly calledAt: number;
}

function callerNow(): Caller {
  return { context: currentContext(), trace: traceContext.active(), calledAt: Date.now() };
}

function assertOpen(call: OutgoingCall): void {
  const aborted = abortedBy(call);
  if (aborted) throw aborted;
  if (call.deadline <= Date.now()) throw deadlineExceeded();
}

/** The reason of the caller's signal, which says more than the `cancelled` of a transport. */
function abortedBy({ signals }: OutgoingCall): AppError | undefined {
  const aborted = signals.find((signal) => signal.aborted);
  return aborted && abortReason(aborted);
}
