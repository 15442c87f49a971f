/** Reads a bot's folder, and says which file and which key is wrong when it is not usable. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@frontdesk/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { Bot, type Texts } from './bot.js';

/** Texts by language (BCP 47 primary tag), each with at least one variant. */
const textsSchema = z.record(z.string(), z.array(z.string().min(1)).min(1));

const actionSchema = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({ flow: z.literal('order_status'), ask: z.boolean().default(true) }),
  z.strictObject({ handoff: z.literal(true) }),
]);

const botSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  languages: z.array(z.string()).min(1),
  persona: z.record(z.string(), z.string()).default({}),
  tone: z.record(z.string(), z.string()).default({}),
  bannedWords: z.record(z.string(), z.array(z.string().min(1))).default({}),
  thresholds: z
    .strictObject({
      intent: z.number().min(0).max(1).default(0.45),
      faq: z.number().min(0).max(1).default(0.5),
      evidence: z.number().min(0).max(1).default(0.35),
      clarifyMargin: z.number().min(0).max(1).default(0.1),
    })
    .prefault({}),
  /** What happens on an intent or on those below it, instead of looking for an answer. */
  actions: z.record(z.string(), actionSchema).default({}),
  /** Skill an agent needs, by intent or by one above it; `default` for the rest. */
  skills: z.record(z.string(), z.string()).default({}),
});

/** `base` gives the texts that the bot does not write itself. Throws `invalid_argument`. */
export function readBot(folder: string, base?: Texts): { bot: Bot; texts: Texts } {
  const path = join(folder, 'bot.yaml');
  const file = readYaml(botSchema, path);
  const templates = join(folder, 'templates');
  const own = readable(templates, () => readdirSync(templates))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readYaml(z.record(z.string(), textsSchema), join(templates, name)));
  const texts: Texts = Object.assign({}, base, ...own);
  for (const [intent, action] of Object.entries(file.actions)) {
    if ('say' in action && !Object.hasOwn(texts, action.say))
      throw notUsable(path, `actions.${intent}: no template defines ${action.say}`);
  }
  return { bot: new Bot(file, texts), texts };
}

function readYaml<Schema extends z.ZodType>(schema: Schema, path: string): z.output<Schema> {
  const parsed = schema.safeParse(readable(path, () => parse(readFileSync(path, 'utf8')) as unknown));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`,
  );
  throw notUsable(path, problems.join('; '));
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw notUsable(path, (cause as Error).message.split('\n')[0]!, cause);
  }
}

function notUsable(path: string, problem: string, cause?: unknown): AppError {
  return new AppError('invalid_argument', `${path} is not usable: ${problem}`, { cause });
}
