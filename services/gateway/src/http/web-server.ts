/**
 * The web server under Nest: Fastify with limits on everything that a stranger can make large or slow, bodies read as
 * strictly as they are meant, and every error a problem document.
 */
import { isUtf8 } from 'node:buffer';
import { hash, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { AppError } from '@frontdesk/core';
import type { GatewayConfig } from '../config.js';
import { openAiError, problemOf, problemType, Refusal, type Told } from './problem.js';
import type { Contract } from './route.js';
import { securityHeaders } from './security-headers.js';

const MiB = 1024 * 1024;
export const bodyLimit = 1 * MiB;
export const bulkLimit = 20 * MiB;

/** What imports may send besides JSON. */
export const rowTypes = ['application/x-ndjson', 'application/jsonl', 'text/csv'] as const;

const requestIdPattern = /^[\w.:/+=-]{1,128}$/;

/** A route with a contract, as it is mounted. */
export interface MountedRoute {
  readonly method: string;
  /** With parameters as `:id`. */
  readonly path: string;
  readonly contract: Contract;
}

export class WebServer extends FastifyAdapter {
  readonly routes: MountedRoute[] = [];
  /** Told of every answer that is our fault. */
  onFault: (told: Told, request: FastifyRequest) => void = () => {};

  constructor(config: GatewayConfig) {
    super({
      bodyLimit,
      skipMiddie: true,
      trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
      // For the whole request, body included; answers may take as long as their deadline.
      requestTimeout: 30_000,
      keepAliveTimeout: 72_000,
      http: { maxHeaderSize: 16 * 1024, headersTimeout: 15_000 },
      routerOptions: { maxParamLength: 256 },
      genReqId: (request: { headers: Record<string, unknown> }) => {
        const given = request.headers['x-request-id'];
        return typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
      },
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
        reply.headers(securityHeaders).header('x-request-id', request.id);
        this.answerProblem(error, request, reply);
      },
      clientErrorHandler: answerBrokenRequest,
    } as never);
    const web = this.getInstance();
    web.server.maxConnections = config.MAX_CONNECTIONS;
    web.addHook('onRoute', (route) => this.mount(route));
    web.removeAllContentTypeParsers();
    web.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      try {
        done(null, readJson(request, body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
    web.addContentTypeParser([...rowTypes], { parseAs: 'buffer' }, (request, body, done) => {
      try {
        done(null, readBytes(request, body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
  }

  /** Answers with the problem that a thrown value is. */
  answerProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const told = problemOf(thrown, request.url);
    if (told.fault) this.onFault(told, request);
    if (reply.sent) return;
    // Absent where the address itself could not be read.
    if (request.visit) request.visit.problem = told.problem.code;
    const forOpenAi = request.routeOptions.config.contract?.problems === 'openai';
    const body = forOpenAi ? { ...told.problem, error: openAiError(told.problem) } : told.problem;
    reply
      .code(told.problem.status)
      .headers(told.headers)
      .header('content-type', problemType)
      .send(JSON.stringify(body));
  }

  /** Ours are in the constructor. */
  override registerParserMiddleware(): void {}

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance().setErrorHandler((error, request, reply) =>
      this.answerProblem(error, request, reply),
    );
  }

  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance().setNotFoundHandler(() => {
      throw new AppError('not_found', 'There is nothing at this address: see /docs for what there is.');
    });
  }

  private mount(route: RouteOptions): void {
    const contract = route.config?.contract;
    if (!contract) return;
    if (contract.bodyLimit) route.bodyLimit = contract.bodyLimit;
    if (route.method !== 'HEAD')
      this.routes.push({ method: String(route.method), path: route.url, contract });
  }
}

function readBytes(request: FastifyRequest, body: Buffer): Buffer {
  if (!isUtf8(body)) throw new Refusal(400, 'malformed', 'The body is not UTF-8.');
  if (request.headers['idempotency-key'] !== undefined)
    request.visit.bodyDigest = hash('sha256', body, 'buffer');
  return body;
}

function readJson(request: FastifyRequest, body: Buffer): unknown {
  const text = readBytes(request, body).toString('utf8');
  if (text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'malformed', 'The body is not valid JSON.');
  }
  // An escape such as \ud83d alone is valid JSON, but half a character: no UTF-8 can hold it.
  if (/\\ud[89a-f]/i.test(text) && /\\ud[89a-f]/.test(JSON.stringify(value)))
    throw new Refusal(400, 'malformed', 'The body holds half a character (a lone surrogate).');
  return value;
}

const brokenRequests: Readonly<Record<string, readonly [status: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'timeout'],
};

/** What is no HTTP never becomes a request: answered on the socket. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const [line, code] = brokenRequests[error.code ?? ''] ?? ['400 Bad Request', 'malformed'];
  const [status, ...title] = line.split(' ');
  const body = JSON.stringify({
    type: 'about:blank',
    title: title.join(' '),
    status: Number(status),
    detail: 'This is no request that we can read.',
    instance: '/',
    code,
    errors: [],
  });
  socket.end(
    `HTTP/1.1 ${line}\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
