import { Config, secret } from '@frontdesk/runtime';
import { z } from 'zod';

const milliseconds = (fallback: number) => z.coerce.number().int().min(50).default(fallback);

export class LlmConfig extends Config({
  LLM_URL: secret(
    z
      .string()
      .optional()
      .describe(
        'Engines, first choice first, by commas: openai+http(s)://host/v1, http(s)://host/v1, scripted:file. Unset: no generated answers.',
      ),
  ),
  LLM_MODEL: z
    .string()
    .optional()
    .describe('Model to ask an OpenAI-compatible engine for; unset: the first it lists.'),
  LLM_API_KEY: secret(z.string().optional().describe('Bearer key of the engines.')),
  LLM_FIRST_TOKEN_MS: milliseconds(10_000).describe('Wait for a first token when the caller names no limit.'),
  LLM_STALL_MS: milliseconds(10_000).describe('A longer pause within an answer counts as a broken engine.'),
  LLM_MAX_TOKENS: z.coerce
    .number()
    .int()
    .min(1)
    .default(400)
    .describe('Length of an answer when the caller names none.'),
}) {}
