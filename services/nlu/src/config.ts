import { Config } from '@frontdesk/runtime';
import { z } from 'zod';

const timeZone = z.string().refine(
  (name) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
    } catch {
      return false;
    }
  },
  { message: 'is not an IANA time zone such as Asia/Shanghai' },
);

export class NluConfig extends Config({
  DEFAULT_BOT: z.string().min(1).default('default').describe('Bot whose intents apply when none is named.'),
  NLU_MODELS_IN_MEMORY: z.coerce
    .number()
    .int()
    .min(1)
    .default(64)
    .describe('Bots whose models are kept in memory; the least recently used one gives way.'),
  NLU_MODEL_RECHECK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(5_000)
    .describe('How long a model answers before its version is compared with the database.'),
  NLU_FEEDBACK_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(1_000)
    .describe('How long a correction waits for others before the model is trained again.'),
  NLU_GATE_MARGIN: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      'What an intent may lose of its held-out recall before a version made from corrections is refused.',
    ),
  NLU_TIME_ZONE: timeZone
    .default('Asia/Shanghai')
    .describe('IANA zone in which "today" and "tomorrow" are read.'),
}) {}
