/**
 * One span and one observer report for each call, on either side, with W3C propagation through the metadata.
 * Only the OpenTelemetry API is used: without an SDK every step here is a no-op of the API's.
 * Names and attributes: OpenTelemetry semantic conventions for RPC.
 */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, propagation, trace } from '@opentelemetry/api';
import type { Context, Span, SpanOptions, TextMapGetter } from '@opentelemetry/api';
import type { DescMethod } from '@bufbuild/protobuf';
import { ErrorCode, toAppError } from '@frontdesk/core';
import type { AppError } from '@frontdesk/core';
import type { Headers } from './call-metadata.js';
import type { RpcCall, RpcObserver } from './observer.js';

const tracer = trace.getTracer('@frontdesk/rpc');

/** What spans and reports say of a method; made once per method and side. */
export interface MethodName extends RpcCall {
  readonly spanName: string;
  readonly spanOptions: SpanOptions;
}

export function methodName(side: RpcCall['side'], method: DescMethod): MethodName {
  const service = method.parent.typeName;
  return {
    side,
    service,
    method: method.name,
    spanName: `${service}/${method.name}`,
    spanOptions: {
      kind: side === 'client' ? SpanKind.CLIENT : SpanKind.SERVER,
      attributes: { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method.name },
    },
  };
}

/** A call under way, reported once: what comes after the first `finish` or `fail` changes nothing. */
export interface Recording {
  readonly context: Context;
  readonly finished: boolean;
  finish(error?: AppError): void;
  /** Finishes with what was thrown, and gives it back as an AppError. */
  fail(thrown: unknown): AppError;
}

/** The caller's side: a child of the caller's span, written into the headers. */
export function recordOutgoing(
  name: MethodName,
  parent: Context,
  headers: Headers,
  observer?: RpcObserver,
): Recording {
  const recording = record(name, parent, observer);
  propagation.inject(recording.context, headers);
  return recording;
}

/** The callee's side. Without headers (an untrusted caller) it starts a trace of its own. */
export function recordIncoming(
  name: MethodName,
  headers: HeaderReader | undefined,
  observer?: RpcObserver,
): Recording {
  const parent = headers ? propagation.extract(ROOT_CONTEXT, headers, headerGetter) : ROOT_CONTEXT;
  return record(name, parent, observer);
}

export interface HeaderReader {
  header(name: string): string | undefined;
}

const headerGetter: TextMapGetter<HeaderReader> = {
  get: (carrier, name) => carrier.header(name),
  keys: () => ['traceparent', 'tracestate'],
};

function record(name: MethodName, parent: Context, observer?: RpcObserver): Recording {
  const span = tracer.startSpan(name.spanName, name.spanOptions, parent);
  // Without an SDK the span is empty, and putting it into a context would cost more than the span.
  const context = trace.isSpanContextValid(span.spanContext()) ? trace.setSpan(parent, span) : parent;
  return new SpanRecording(name, span, context, observer);
}

class SpanRecording implements Recording {
  private readonly startedAt = performance.now();
  finished = false;

  constructor(
    private readonly name: MethodName,
    private readonly span: Span,
    readonly context: Context,
    private readonly observer: RpcObserver | undefined,
  ) {
    observer?.started?.(name);
  }

  finish(error?: AppError): void {
    if (this.finished) return;
    this.finished = true;
    if (error) this.span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    this.span.setAttribute('rpc.grpc.status_code', error ? ErrorCode[error.code] : 0);
    this.span.end();
    if (!this.observer) return;
    const { side, service, method } = this.name;
    const seconds = (performance.now() - this.startedAt) / 1000;
    const call = { side, service, method, seconds, code: error?.code ?? 'ok' } as const;
    this.observer.finished(error ? { ...call, error } : call);
  }

  fail(thrown: unknown): AppError {
    const error = toAppError(thrown);
    this.finish(error);
    return error;
  }
}
