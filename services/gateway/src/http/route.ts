/**
 * One declaration per route: who may call it, what comes in and what goes out. The web server refuses, validates and
 * limits by it, and the OpenAPI document is read from it, so the three cannot drift apart.
 *
 *     @Route('POST', '/v1/nlu/train', { allow: ['admin'], body: trainSchema, answer: jobSchema, status: 202, … })
 *     async train(@Body() body: z.output<typeof trainSchema>): Promise<JobAnswer> { … }
 */
import { HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { PrincipalKind } from '@frontdesk/core';
import type { z } from 'zod';

export interface Contract {
  readonly tag: string;
  readonly summary: string;
  /** Kinds of keys and roles that may call; anyone without a credential too. */
  readonly allow: readonly PrincipalKind[] | 'anyone';
  /** Absent: no parameters. Unknown ones are refused. */
  readonly query?: z.ZodObject;
  /** Request headers with a meaning of their own here, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** The body is not JSON but bytes of one of these media types. */
  readonly consumes?: readonly string[];
  /** Bytes; 1 MiB when absent. */
  readonly bodyLimit?: number;
  /** Absent: no content. */
  readonly answer?: z.ZodType;
  /** Media types of an answer that is text, instead of the JSON one or besides it. */
  readonly produces?: readonly string[];
  /** Absent: 200, or 204 without an answer. */
  readonly status?: number;
  /** Names of the server-sent events that `Accept: text/event-stream` gives; without an answer, always. */
  readonly events?: readonly string[];
  /** How long the work may take: as configured for a request, for a turn, a minute for bulk; a watch has no end. */
  readonly patience?: 'turn' | 'bulk' | 'watch';
  /** Problems repeat themselves in the member `error`, where OpenAI's clients look for them. */
  readonly problems?: 'openai';
  /** The same request again gives the same answer by itself, whatever its Idempotency-Key. */
  readonly replays?: boolean;
}

/** The part of a contract's route that Fastify keeps in `request.routeOptions.config`. */
declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: Contract;
  }
}

type Answered<C extends Contract> =
  | void
  | (C['answer'] extends z.ZodType ? z.input<C['answer']> : void)
  | (C['produces'] extends readonly string[] ? string : void);
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Mounts the decorated method; its result is checked against the contract's answer when it is compiled. */
export function Route<const C extends Contract>(method: Method, path: string, contract: C) {
  return <H extends (...parameters: never[]) => Promise<Answered<C>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    RequestMapping({ method: RequestMethod[method], path })(target, key, descriptor);
    HttpCode(statusOf(contract))(target, key, descriptor);
    RouteConfig({ contract })(target, key, descriptor);
  };
}

export function statusOf({ status, answer, events, produces }: Contract): number {
  return status ?? (answer || events || produces ? 200 : 204);
}
