/**
 * The way in, the same for every route: name the request, find the caller, count it, read it strictly, and only then
 * let it do its work, once. Whatever is refused is refused before the body is read where that is possible.
 */
import { Injectable } from '@nestjs/common';
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { AppError, codeOf, runInContext } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import type { RateDecision } from '@frontdesk/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { GatewayConfig } from '../config.js';
import { Idempotency, type Claim } from '../idempotency/idempotency.js';
import { RequestLimits, tooMuch } from '../limits/request-limits.js';
import { gatewayMetrics } from '../metrics.js';
import { credentialOf } from './credential-header.js';
import { readRequest, refuseOtherTypes } from './validation.js';
import type { Contract } from './route.js';
import { securityHeaders } from './security-headers.js';
import { Visit } from './visit.js';

type Done = (error?: Error) => void;

const bulkPatienceMs = 60_000;
const keyPattern = /^[\x20-\x7e]{1,255}$/;
const traceparentPattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Headers of an answer that belong to what was done, not to the connection. */
const keptHeaders = ['content-type', 'location', 'etag', 'x-conversation-id'] as const;
/** Codes of problems after which the same request may still succeed. */
const brokenOff: ReadonlySet<string> = new Set(['cancelled', 'aborted', 'resource_exhausted']);
const tracer = trace.getTracer('@frontdesk/gateway');

@Injectable()
export class Entry {
  constructor(
    private readonly access: Access,
    private readonly limits: RequestLimits,
    private readonly idempotency: Idempotency,
    private readonly config: GatewayConfig,
    private readonly log: Log,
  ) {}

  /** The first step, before anything may answer. */
  mountArrival(web: FastifyInstance): void {
    web.decorateRequest('visit');
    web.addHook('onRequest', (request, reply, done) => this.arrive(request, reply, done));
  }

  /** All other steps, in the order in which they are taken. */
  mountSteps(web: FastifyInstance): void {
    web.addHook('onRequest', (request) => this.admit(request));
    web.addHook('preValidation', (request, _reply, done) => this.read(request, done));
    web.addHook('preHandler', (request, _reply, done) => this.enter(request, done));
    web.addHook('preHandler', (request, reply, done) => {
      if (request.headers['idempotency-key'] === undefined || request.method !== 'POST') return done();
      this.claim(request, reply).then((repeated) => repeated || done(), done);
    });
    web.addHook('onSend', (request, reply, payload, done) => {
      if (!request.visit.claim) return done(null, payload);
      this.settle(request.visit.claim, request, reply, payload).then(() => done(null, payload), done);
    });
  }

  private arrive(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const visit = new Visit(request.id, reply);
    request.visit = visit;
    reply.headers(securityHeaders).header('x-request-id', request.id).header('cache-control', 'no-store');
    this.startTrace(request, reply);
    gatewayMetrics.underWay.inc();
    reply.raw.once('close', () => this.leave(request, reply));
    done();
  }

  /** One span for the request, a child of the caller's. */
  private startTrace(request: FastifyRequest, reply: FastifyReply): void {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    const given = request.headers['traceparent'];
    if (span.isRecording()) {
      const headers: Record<string, string> = {};
      propagation.inject(trace.setSpan(parent, span), headers);
      request.visit.span = span;
      reply.headers(headers);
    } else if (typeof given === 'string' && traceparentPattern.test(given)) {
      reply.header('traceparent', given);
    }
  }

  private async admit(request: FastifyRequest): Promise<void> {
    const { visit } = request;
    const { contract } = request.routeOptions.config;
    if (!contract || contract.allow === 'anyone') return this.countAddress(request);
    try {
      const authorization = credentialOf(request.headers);
      // Guesses beyond the limit must not cost a look-up each.
      if (!this.access.remembers(authorization)) await this.checkAddress(request);
      const caller = this.access.identify(authorization);
      visit.identify(caller instanceof Promise ? await caller : caller);
    } catch (error) {
      if (codeOf(error) === 'unauthenticated') await this.countAddress(request);
      throw error;
    }
    const rate = await this.limits.ofTenant(visit.caller!);
    visit.count(rate);
    if (!rate.allowed) throw refused('tenant', tooMuch(rate, visit.language));
    if (!contract.allow.includes(visit.caller!.principal.kind)) {
      throw refused(
        'kind',
        new AppError('permission_denied', `This call takes a key of kind ${contract.allow.join(' or ')}.`),
      );
    }
    refuseOtherTypes(request, contract);
  }

  private async checkAddress(request: FastifyRequest): Promise<void> {
    const rate = await this.limits.leftOfAddress(request.ip);
    if (!rate.allowed) this.judgeAddress(request, rate);
  }

  private async countAddress(request: FastifyRequest): Promise<void> {
    this.judgeAddress(request, await this.limits.ofAddress(request.ip));
  }

  private judgeAddress(request: FastifyRequest, rate: RateDecision): void {
    request.visit.count(rate);
    if (!rate.allowed) throw refused('address', tooMuch(rate, request.visit.language));
  }

  private read(request: FastifyRequest, done: Done): void {
    const { contract } = request.routeOptions.config;
    if (!contract) return done();
    try {
      readRequest(request, contract);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  /** From here on everything runs under the request's context. Not earlier: it does not survive the body's events. */
  private enter(request: FastifyRequest, done: Done): void {
    const { visit } = request;
    const { contract } = request.routeOptions.config;
    const patienceMs = this.patienceMs(contract?.patience);
    if (patienceMs !== undefined) visit.deadline = Date.now() + patienceMs;
    const { id } = request.params as { id?: string };
    if (id !== undefined && request.routeOptions.url!.startsWith('/v1/conversations/'))
      visit.conversationId = id;
    if (!visit.span) return runInContext(visit, done);
    context.with(trace.setSpan(ROOT_CONTEXT, visit.span), () => runInContext(visit, done));
  }

  private patienceMs(patience: Contract['patience']): number | undefined {
    switch (patience) {
      case 'turn':
        return this.config.TURN_DEADLINE_MS;
      case 'bulk':
        return bulkPatienceMs;
      case 'watch':
        return undefined;
      default:
        return this.config.REQUEST_DEADLINE_MS;
    }
  }

  /** Whether the answer had been given before and was given again. */
  private async claim(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const key = request.headers['idempotency-key'];
    const { contract } = request.routeOptions.config;
    if (!contract) return false;
    if (typeof key !== 'string' || !keyPattern.test(key)) {
      const message = 'must be 1 to 255 printable ASCII characters';
      throw new AppError('invalid_argument', `Idempotency-Key ${message}.`, {
        fields: [{ field: 'Idempotency-Key', message }],
      });
    }
    const before = await this.idempotency.claim({
      key,
      route: `POST ${request.url}`,
      body: request.visit.bodyDigest ?? Buffer.alloc(0),
      replays: contract.replays ?? false,
    });
    if (before && 'status' in before) {
      reply
        .code(before.status)
        .headers(before.headers)
        .header('idempotent-replayed', 'true')
        .send(before.body);
      return true;
    }
    if (before) request.visit.claim = before;
    return false;
  }

  /** Keeps the answer before it leaves: a caller who has it will get the same again. */
  private async settle(
    claim: Claim,
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<void> {
    delete request.visit.claim;
    const final = reply.statusCode < 500 && !brokenOff.has(request.visit.problem ?? '');
    const headers: Record<string, string> = {};
    for (const name of keptHeaders) {
      const value = reply.getHeader(name);
      if (value !== undefined) headers[name] = String(value);
    }
    const body = typeof payload === 'string' ? payload : '';
    await this.idempotency
      .settle(claim, final ? { status: reply.statusCode, headers, body } : undefined)
      .catch((error: unknown) => this.log.warn('An answer could not be kept', { error }));
  }

  private leave(request: FastifyRequest, reply: FastifyReply): void {
    const { visit } = request;
    visit.close();
    gatewayMetrics.underWay.dec();
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: String(reply.raw.statusCode),
    };
    const seconds = (performance.now() - visit.startedAt) / 1_000;
    gatewayMetrics.requests.observe(labels, seconds);
    visit.span?.setAttribute('http.response.status_code', reply.raw.statusCode).end();
  }
}

function refused(reason: string, error: AppError): AppError {
  gatewayMetrics.refused.inc({ reason });
  return error;
}
