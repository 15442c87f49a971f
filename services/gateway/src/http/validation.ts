/** Strict reading: what a contract does not name is refused, and every fault of a request is told at once. */
import { AppError } from '@frontdesk/core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from './problem.js';
import type { Contract } from './route.js';

const noQuery = z.strictObject({});
const idPattern = /^[\w.:@+=-]{1,128}$/;

/** Checked before the body is read. A request without a body has no type. */
export function refuseOtherTypes(
  { headers }: FastifyRequest,
  { consumes = ['application/json'] }: Contract,
): void {
  const given = headers['content-type'];
  if (given === undefined) return;
  const type = given.split(';', 1)[0]!.trim().toLowerCase();
  if (!consumes.includes(type))
    throw new Refusal(415, 'unsupported_media_type', `Send "Content-Type: ${consumes.join('" or "')}".`);
}

/** Puts what was understood in the place of what was sent. Bytes are left to the route which takes them. */
export function readRequest(request: FastifyRequest, contract: Contract): void {
  const parameters = request.params as Record<string, string>;
  for (const name in parameters) {
    // An id that nobody has given out is unknown, not malformed: it gets the answer of an unknown one.
    if (!idPattern.test(parameters[name]!)) throw new AppError('not_found', 'There is nothing with this id.');
  }
  request.query = validated(contract.query ?? noQuery, request.query, 'query parameter');
  if (contract.body) {
    if (!Buffer.isBuffer(request.body)) request.body = validated(contract.body, request.body, 'field');
  } else if (request.body !== undefined) {
    throw new AppError('invalid_argument', 'This call takes no body.');
  }
}

/** The value of the schema. Throws `invalid_argument` with every field that does not fit. */
export function validated<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.flatMap((issue) => {
    const at = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ field: at.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({
      field: [...at, key].join('.'),
      message: `is no ${what} of this call`,
    }));
  });
  const { field, message } = fields[0]!;
  throw new AppError('invalid_argument', `${field || 'The body'}: ${message}.`, { fields });
}
