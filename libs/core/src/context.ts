/**
 * What every step of one request knows without being told: who asks, for which tenant, until when.
 * Travels by AsyncLocalStorage inside a process and as call metadata between processes (libs/rpc), and is set
 * at the edge from the credential alone, never from a body.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from './errors.js';

/** `customer` never holds a credential of its own: it speaks through a channel's. */
export type PrincipalKind = 'channel' | 'agent' | 'admin' | 'platform' | 'service';

export interface Principal {
  readonly kind: PrincipalKind;
  /** The API key's id or the token's subject; never the secret. */
  readonly id: string;
}

export interface RequestContext {
  readonly requestId: string;
  readonly tenantId?: string;
  readonly principal?: Principal;
  readonly conversationId?: string;
  /** Milliseconds since the epoch after which nobody waits for the answer. */
  readonly deadline?: number;
  /** Aborted when the caller goes away or the deadline passes. */
  readonly signal?: AbortSignal;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` and everything it awaits under `context`. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the current request; undefined outside one (start-up, background loops). */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** The tenant of the current request. Throws `unauthenticated` where there is none: no tenant, no data. */
export function requireTenant(): string {
  const tenantId = currentContext()?.tenantId;
  if (!tenantId) throw new AppError('unauthenticated', 'This call needs a tenant: send a valid credential.');
  return tenantId;
}

/** Milliseconds left until the deadline of the current request, at most `limitMs`; never negative. */
export function remainingMs(limitMs: number, nowMs: number = Date.now()): number {
  const deadline = currentContext()?.deadline;
  return deadline === undefined ? limitMs : Math.max(0, Math.min(limitMs, deadline - nowMs));
}
