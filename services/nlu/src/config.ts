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
  MODELS_DIR: z
    .string()
    .min(1)
    .default('.models')
    .describe('Folder of the model files which "frontdesk models pull" fetched.'),
  MODELS_LICENCES: z
    .string()
    .optional()
    .transform((given) => (given ? given.split(',').map((licence) => licence.trim()) : undefined))
    .describe(
      'SPDX identifiers of the licences that are accepted, with commas; the permissive ones when empty.',
    ),
  NLU_ENCODER: z
    .enum(['per_language', 'multilingual', 'lexical'])
    .default('per_language')
    .describe(
      'What reads the texts of a bot that does not choose: an encoder per language, one for all, or none.',
    ),
  NLU_ENCODER_ZH: z.string().min(1).default('bge-small-zh-v1.5').describe('Model that reads Chinese.'),
  NLU_ENCODER_EN: z
    .string()
    .min(1)
    .default('bge-small-en-v1.5')
    .describe('Model that reads what is not Chinese.'),
  NLU_ENCODER_MULTILINGUAL: z
    .string()
    .min(1)
    .default('multilingual-e5-small-q4')
    .describe('Model that reads all languages of a bot that chooses so.'),
  NLU_ENCODER_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Threads per encoder, each with a copy of the model.'),
  NLU_ENCODER_MAX_BATCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('Texts that are encoded together at most.'),
  NLU_ENCODER_MAX_WAIT_US: z.coerce
    .number()
    .int()
    .min(0)
    .max(50_000)
    .default(0)
    .describe('Microseconds a text waits for others while a thread is idle.'),
  NLU_ENCODER_MAX_QUEUE: z.coerce
    .number()
    .int()
    .min(1)
    .default(512)
    .describe('Texts that may wait for an encoder; more are read from n-grams only.'),
  NLU_CASCADE: z
    .stringbool()
    .default(false)
    .describe('Whether the n-grams answer alone where they are sure: saves the encoder, gives no embedding.'),
  NLU_TIME_ZONE: timeZone
    .default('Asia/Shanghai')
    .describe('IANA zone in which "today" and "tomorrow" are read.'),
}) {}
