import { Config } from '@frontdesk/runtime';
import { z } from 'zod';

export class KnowledgeConfig extends Config({
  KNOWLEDGE_PASSAGES_PER_TENANT: z.coerce
    .number()
    .int()
    .min(1)
    .default(50_000)
    .describe(
      'Passages a tenant may store; a short article is one. All of them are in memory while searched.',
    ),
  KNOWLEDGE_PASSAGES_IN_MEMORY: z.coerce
    .number()
    .int()
    .min(1)
    .default(200_000)
    .describe('Passages kept in memory, about 8 KB each; tenants not searched for longest make room.'),
  KNOWLEDGE_STALE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(200)
    .describe('How long a change made by another process may stay unseen by search.'),
}) {}
