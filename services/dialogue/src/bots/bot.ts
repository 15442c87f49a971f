/** A bot as a folder of files: `bot.yaml` says who it is, `templates/*.yaml` what it says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@frontdesk/core';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Policy } from '../turn/decide.js';

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

type BotFile = z.output<typeof botSchema>;
type Texts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export class Bot {
  readonly policy: Policy;

  constructor(
    private readonly file: BotFile,
    private readonly texts: Texts,
  ) {
    const { thresholds, actions } = file;
    this.policy = {
      intentThreshold: thresholds.intent,
      faqThreshold: thresholds.faq,
      evidenceThreshold: thresholds.evidence,
      clarifyMargin: thresholds.clarifyMargin,
      actions,
    };
  }

  get name(): string {
    return this.file.name;
  }

  get languages(): readonly string[] {
    return this.file.languages;
  }

  /** Who the bot is, for a prompt. */
  persona(language: string): string {
    const said = this.spoken(language);
    return [this.file.persona[said], this.file.tone[said]].filter(Boolean).join('\n');
  }

  /** The skill for an intent with its ancestors; empty: anybody. */
  skillFor(intents: readonly string[]): string {
    const named = intents.find((intent) => this.file.skills[intent]);
    return (named && this.file.skills[named]) ?? this.file.skills['default'] ?? '';
  }

  has(template: string): boolean {
    return Object.hasOwn(this.texts, template);
  }

  /** What a customer is told who gets this place in the queue, from 1; 0: it is not known. */
  queued(position: number, language: string, choice = 0): string {
    return position > 0
      ? this.say('handoff.queued', language, { position: String(position) }, choice)
      : this.say('handoff.queued_unknown', language, {}, choice);
  }

  /**
   * A template in the customer's language with its `{placeholders}` filled. `choice` picks the variant, so that the
   * same turn says the same thing when it is taken again.
   */
  say(template: string, language: string, values: Readonly<Record<string, string>> = {}, choice = 0): string {
    const variants =
      this.texts[template]?.[this.spoken(language)] ?? Object.values(this.texts[template] ?? {})[0];
    if (!variants) throw new AppError('internal', `The bot ${this.name} has no template ${template}.`);
    const variant = variants[choice % variants.length]!;
    return variant.replace(/\{(\w+)\}/g, (placeholder, key: string) => values[key] ?? placeholder);
  }

  /** The language the bot answers in: the customer's (`zh` for `zh-CN` too), if it speaks it; else its first. */
  spoken(language: string): string {
    const { languages } = this.file;
    const primary = language.toLowerCase().split('-')[0]!;
    return (
      languages.find((own) => own === language) ?? languages.find((own) => own === primary) ?? languages[0]!
    );
  }

  /** The text without the bot's banned words, in whatever case, each replaced by stars of its length. */
  withoutBannedWords(text: string, language: string): string {
    const words = this.file.bannedWords[this.spoken(language)] ?? [];
    return words.length > 0 ? text.replace(anyOf(words), (word) => '*'.repeat(word.length)) : text;
  }
}

/** Matches any of the words, the longest first. */
function anyOf(words: readonly string[]): RegExp {
  const literal = (word: string): string => word.replace(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map(literal).join('|'), 'giu');
}

/** Reads one folder. `base` gives the texts that the bot does not write itself. */
export function readBot(folder: string, base?: Texts): { bot: Bot; texts: Texts } {
  const file = check(botSchema, join(folder, 'bot.yaml'));
  const templates = join(folder, 'templates');
  const own = Object.assign(
    {},
    ...readdirSync(templates)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => check(z.record(z.string(), textsSchema), join(templates, name))),
  ) as Texts;
  const texts = { ...base, ...own };
  for (const [intent, action] of Object.entries(file.actions)) {
    if ('say' in action && !texts[action.say])
      throw new AppError(
        'invalid_argument',
        `${folder}/bot.yaml: the action of ${intent} says ${action.say}, which no template defines.`,
      );
  }
  return { bot: new Bot(file, texts), texts };
}

function check<Schema extends z.ZodType>(schema: Schema, path: string): z.output<Schema> {
  const parsed = schema.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new AppError('invalid_argument', `${path} is not usable: ${problems.join('; ')}`);
}
