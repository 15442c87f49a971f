/** A tenant's own keys. */
import { Body, Controller, Param, Query } from '@nestjs/common';
import type { ApiKey } from '../../access/api-key.store.js';
import { ApiKeys } from '../../access/api-keys.js';
import { tenantKeyKinds } from '../../access/credential.js';
import { z } from 'zod';
import { Route } from '../route.js';
import { cursor, limit, line, nextCursor, page, time } from '../schemas.js';

const tag = 'API keys';
const allow = ['admin'] as const;

const newKey = z.strictObject({
  kind: z.enum(tenantKeyKinds),
  name: line(100),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) > Date.now(), 'must be in the future')
    .optional()
    .describe('RFC 3339; absent: never.'),
});
const rotation = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe('The old key works for so long; 0 when absent.'),
  })
  .optional();
const keySchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(tenantKeyKinds),
    name: z.string(),
    hint: z.string().describe('The first characters of the key.'),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });
const shownOnce = z
  .strictObject({ ...keySchema.shape, key: z.string().describe('Shown once, here.') })
  .meta({ id: 'NewApiKey' });
const listQuery = z.strictObject({ limit: limit(200), cursor });
const keyList = z.strictObject({ keys: z.array(keySchema), nextCursor });

@Controller()
export class ApiKeyController {
  constructor(private readonly keys: ApiKeys) {}

  @Route('POST', '/v1/api-keys', {
    tag,
    summary: 'Make a key.',
    allow,
    body: newKey,
    answer: shownOnce,
    status: 201,
  })
  async create(@Body() body: z.output<typeof newKey>): Promise<z.input<typeof shownOnce>> {
    const { kind, name, expiresAt } = body;
    const made = await this.keys.create({ kind, name, expiresAt: expiresAt ? new Date(expiresAt) : null });
    return { ...keyOf(made.apiKey), key: made.key };
  }

  @Route('GET', '/v1/api-keys', { tag, summary: 'List the keys.', allow, query: listQuery, answer: keyList })
  async list(@Query() query: z.output<typeof listQuery>): Promise<z.input<typeof keyList>> {
    const { limit = 50, cursor = '' } = query;
    const { items, nextCursor } = page(await this.keys.list(cursor, limit + 1), limit);
    return { keys: items.map(keyOf), nextCursor };
  }

  @Route('POST', '/v1/api-keys/:id/rotate', {
    tag,
    summary: 'Put a new key in the place of one.',
    allow,
    body: rotation,
    answer: shownOnce,
    status: 201,
  })
  async rotate(
    @Param('id') id: string,
    @Body() body: z.output<typeof rotation>,
  ): Promise<z.input<typeof shownOnce>> {
    const made = await this.keys.rotate(id, body?.overlapSeconds ?? 0);
    return { ...keyOf(made.apiKey), key: made.key };
  }

  @Route('DELETE', '/v1/api-keys/:id', { tag, summary: 'Revoke a key; it stops working within 5 s.', allow })
  async revoke(@Param('id') id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}

function keyOf({ id, kind, name, hint, createdAt, expiresAt, revokedAt }: ApiKey): z.input<typeof keySchema> {
  return {
    id,
    kind,
    name,
    hint,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
