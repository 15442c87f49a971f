/**
 * One call on the side that answers it, whatever carried it. Promises a context, a deadline and a signal for every
 * step of the handler, and an answer at the deadline even from a handler that ignores its signal. Nothing of the
 * caller's async context is visible inside: what a handler knows came with the metadata.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { context as traceContext } from '@opentelemetry/api';
import { newId, runInContext, toAppError } from '@frontdesk/core';
import type { AppError, Principal, RequestContext } from '@frontdesk/core';
import { readContext } from './call-metadata.js';
import { cancelled, deadlineExceeded } from './failures.js';
import type { RpcObserver } from './observer.js';
import { recordIncoming } from './telemetry.js';
import type { MethodName, Recording } from './telemetry.js';

/** What a handler is told besides the request. */
export interface CallContext {
  /** Aborted when the caller leaves or the deadline passes; its reason is the AppError the caller gets. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; always set. */
  readonly deadline: number;
  /** Lower-case names; binary entries are left out. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Says who is calling, from here on and for everything this call does. Only at the edge, once the credential
   * in the metadata was checked; inside the mesh it throws `internal`.
   */
  identify(who: Required<Pick<RequestContext, 'tenantId' | 'principal'>>): void;
}

/** A call as a transport received it. */
export interface IncomingCall {
  header(name: string): string | undefined;
  headers(): Iterable<readonly [string, string]>;
  /** Milliseconds since the epoch; absent when the caller set none. The transport that brings it cancels at it. */
  readonly deadline?: number;
}

export interface CallPolicy {
  /** `edge` takes no identity and no trace from the metadata. */
  readonly trust: 'mesh' | 'edge';
  /** For callers that set no deadline. */
  readonly timeoutMs: number;
  readonly observer?: RpcObserver;
}

/** Runs a callback under the async context in which this module was loaded: that of no call. */
const outsideAnyCall = AsyncLocalStorage.snapshot();

/** A caller's clock starts before ours: who hangs up this shortly before the deadline has seen it pass. */
const DEADLINE_SLACK_MS = 50;

export class ServerCall implements CallContext {
  readonly deadline: number;
  private readonly context: RequestContext;
  private readonly recording: Recording;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly controller = new AbortController();
  private ended = false;
  private stopped: AppError | undefined;
  private interrupt: ((reason: AppError) => void) | undefined;

  constructor(
    name: MethodName,
    private readonly incoming: IncomingCall,
    private readonly policy: CallPolicy,
  ) {
    const inside = policy.trust === 'mesh';
    this.deadline = incoming.deadline ?? Date.now() + policy.timeoutMs;
    const identity = inside ? readContext((header) => incoming.header(header)) : { requestId: newId() };
    this.context = { ...identity, deadline: this.deadline, signal: this.signal };
    this.recording = recordIncoming(name, inside ? incoming : undefined, policy.observer);
    if (incoming.deadline === undefined) this.timer = setTimeout(() => this.cancel(), policy.timeoutMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get metadata(): ReadonlyMap<string, string> {
    return new Map(this.incoming.headers());
  }

  identify(who: { tenantId: string; principal: Principal }): void {
    if (this.policy.trust !== 'edge') throw new Error('Only an edge service may identify its callers.');
    Object.assign(this.context, who);
  }

  /** Runs one step of the handler under the call's context. Rejects as soon as the call is stopped. */
  step<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.stopped) return reject(this.stopped);
      this.interrupt = reject;
      this.enter(work).then(resolve, reject);
    });
  }

  /** Runs `work` under the call's context, stopped or not: for what cleans up. */
  enter<T>(work: () => T): T {
    return outsideAnyCall(() =>
      runInContext(this.context, () => traceContext.with(this.recording.context, work)),
    );
  }

  /** Stops the call because its caller left, its deadline passed, or for the given reason. */
  cancel(reason?: AppError): void {
    if (this.stopped || this.ended) return;
    this.stopped =
      reason ?? (this.deadline - DEADLINE_SLACK_MS <= Date.now() ? deadlineExceeded() : cancelled());
    this.controller.abort(this.stopped);
    this.interrupt?.(this.stopped);
  }

  /** Ends the call well. */
  succeed(): void {
    this.end();
    this.recording.finish();
  }

  /** Ends the call with what a step threw, as the error its caller may see. */
  fail(thrown: unknown): AppError {
    this.end();
    const error = this.stopped ?? toAppError(thrown);
    this.recording.finish(error);
    return error;
  }

  /** Ends the call unless it has ended: its reader left. */
  abandon(): void {
    if (this.ended) return;
    this.cancel();
    this.fail(this.stopped);
  }

  private end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }
}
