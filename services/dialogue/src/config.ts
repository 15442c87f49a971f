import { Config } from '@frontdesk/runtime';
import { z } from 'zod';

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

export class DialogueConfig extends Config({
  BOTS_DIR: z
    .string()
    .optional()
    .describe('Folder with one folder per bot; the built-in `default` is always there.'),
  DEFAULT_BOT: z.string().default('default').describe('Bot of a conversation that names none.'),
  ORDERS_URL: z
    .url()
    .optional()
    .describe(
      'The order system: GET {ORDERS_URL}/orders/{id} with x-tenant-id and x-customer-id (URI-encoded), 404 if it is not the customer’s. Without it orders are looked up by a person.',
    ),
  TURN_FIRST_TOKEN_MS: milliseconds(1_500).describe(
    'From the accepted message to the first words of the reply.',
  ),
  TURN_UNDERSTAND_MS: milliseconds(700).describe(
    'For understanding and for search, each; they run side by side.',
  ),
  TURN_LOOKUP_MS: milliseconds(800).describe('For one question to the order system.'),
  TURN_STALL_MS: milliseconds(450).describe('A model that pauses longer within an answer counts as stalled.'),
  TURN_ANSWER_MS: milliseconds(30_000).describe('For a whole generated answer.'),
  WATCH_POLL_MS: milliseconds(5_000).describe(
    'How often a watched conversation is looked at without a notice.',
  ),
  HISTORY_MESSAGES: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe('Messages of the log that a model is shown.'),
}) {}
