/**
 * One request from the outside, from its first byte to the last of its answer: what the rest of the mesh knows of it
 * (its request context), and what only the edge needs.
 */
import type { Span } from '@opentelemetry/api';
import type { Principal, RequestContext } from '@frontdesk/core';
import type { RateDecision } from '@frontdesk/store';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../access/access.js';
import type { Claim } from '../idempotency/idempotency.js';

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit;
  }
}

export class Visit implements RequestContext {
  tenantId?: string;
  principal?: Principal;
  conversationId?: string;
  deadline?: number;

  /** Absent while the credential is unknown, and on routes for anyone. */
  caller?: Caller;
  /** What the caller's app says of the reader, BCP 47. */
  readonly language: string | undefined;
  /** Held while the work of a request with an Idempotency-Key is done. */
  claim?: Claim;
  /** SHA-256 of the body; only with an Idempotency-Key. */
  bodyDigest?: Buffer;
  /** Code of the problem that is its answer. */
  problem?: string;
  span?: Span;
  readonly startedAt = performance.now();
  private leaving: AbortController | undefined;
  private gone = false;
  private rate: RateDecision | undefined;

  constructor(
    readonly requestId: string,
    private readonly reply: FastifyReply,
  ) {
    this.language = /^[A-Za-z-]+/.exec(reply.request.headers['accept-language'] ?? '')?.[0];
  }

  /** Aborted when the caller hangs up before the answer is complete; made when somebody asks. */
  get signal(): AbortSignal {
    this.leaving ??= new AbortController();
    if (this.gone) this.leaving.abort();
    return this.leaving.signal;
  }

  /** The connection is done with this request, or gone. */
  close(): void {
    this.gone = !this.reply.raw.writableFinished;
    if (this.gone) this.leaving?.abort();
  }

  identify(caller: Caller): void {
    this.caller = caller;
    this.principal = caller.principal;
    if (caller.tenantId !== undefined) this.tenantId = caller.tenantId;
  }

  /** The caller, on a route which is not for anyone. */
  get known(): Caller & { readonly tenantId: string } {
    return this.caller as Caller & { readonly tenantId: string };
  }

  /** Tells the caller of the tightest limit that this request counted against. */
  count(rate: RateDecision): void {
    if (this.rate && this.rate.allowed && this.rate.remaining <= rate.remaining) return;
    this.rate = rate;
    this.reply
      .header('ratelimit-limit', String(rate.limit))
      .header('ratelimit-remaining', String(rate.remaining))
      .header('ratelimit-reset', String(Math.ceil(rate.resetMs / 1_000)));
  }
}
