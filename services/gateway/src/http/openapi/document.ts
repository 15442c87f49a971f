/**
 * The OpenAPI 3.1 document, built from the contracts of the routes that are mounted: what is not live is not in it,
 * and what it says about a body is the very schema that the body is checked with.
 */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { problemSchema, problemType } from '../problem.js';
import { statusOf, type Contract } from '../route.js';
import type { MountedRoute } from '../web-server.js';

type Json = Record<string, unknown>;

const uuidNote = 'An id of the caller\u2019s: the same key and body give the same answer.';

export function openApiDocument(routes: readonly MountedRoute[], version: string): Json {
  const components = new Components();
  const problem = {
    description: 'A problem (RFC 9457).',
    content: { [problemType]: { schema: components.add(problemSchema, 'output') } },
  };
  const paths: Record<string, Json> = {};
  for (const { method, path, contract } of routes) {
    const template = path.replace(/:(\w+)/g, '{$1}');
    (paths[template] ??= {})[method.toLowerCase()] = operation(method, path, contract, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Frontdesk',
      version,
      description: 'Conversations with customers, and what stands behind them.',
    },
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(({ contract }) => contract.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (fd_<kind>_…), or a JWT of the configured issuer.',
        },
      },
      responses: { Problem: problem },
      schemas: components.schemas,
    },
  };
}

function operation(method: string, path: string, contract: Contract, components: Components): Json {
  const { tag, summary, allow, body, consumes = ['application/json'] } = contract;
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    ...(allow === 'anyone'
      ? { security: [] }
      : { description: `For keys of kind ${allow.map((kind) => `\`${kind}\``).join(' or ')}.` }),
    parameters: parameters(method, path, contract, components),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: Object.fromEntries(
          consumes.map((type) => [
            type,
            { schema: type === 'application/json' ? components.add(body, 'input') : { type: 'string' } },
          ]),
        ),
      },
    }),
    responses: {
      [statusOf(contract)]: answer(contract, components),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function answer(contract: Contract, components: Components): Json {
  const { answer, events, produces = [] } = contract;
  const description = STATUS_CODES[statusOf(contract)];
  if (!answer && !events && produces.length === 0) return { description };
  return {
    description,
    content: {
      ...(answer && { 'application/json': { schema: components.add(answer, 'output') } }),
      ...Object.fromEntries(produces.map((type) => [type, { schema: { type: 'string' } }])),
      ...(events && {
        'text/event-stream': {
          schema: { type: 'string', description: `Server-sent events: ${events.join(', ')}.` },
        },
      }),
    },
  };
}

function parameters(method: string, path: string, contract: Contract, components: Components): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(contract.query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = components.add(schema as z.ZodType, 'input');
    const required = !(schema as z.ZodType).safeParse(undefined).success;
    return { name, in: 'query', required, schema: rest, ...(description ? { description } : {}) };
  });
  const headers = { ...contract.headers, ...(method === 'POST' && { 'idempotency-key': uuidNote }) };
  const inHeader = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description,
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

/** `GET /v1/nlu/jobs/:id` → `getNluJobsId`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/v1/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** Schemas with an id stand once, and are referred to. */
class Components {
  readonly schemas: Record<string, Json> = {};

  add(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs = {},
      ...rest
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
    for (const [name, definition] of Object.entries($defs as Record<string, Json>))
      this.schemas[name] = withoutId(refer(definition));
    const id = rest['id'] as string | undefined;
    if (id === undefined) return refer(rest);
    this.schemas[id] = withoutId(refer(rest));
    return { $ref: `#/components/schemas/${id}` };
  }
}

function withoutId({ id: _id, ...schema }: Json): Json {
  return schema;
}

function refer(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}
