/** A bot: who it is, when it is sure, whom it hands over to, and what it says in each of its languages. */
import { AppError } from '@frontdesk/core';
import type { Policy } from '../turn/decide.js';

/** What `bot.yaml` says. */
export interface BotFile {
  readonly name: string;
  /** BCP 47; the first is spoken to whoever speaks none of them. */
  readonly languages: readonly string[];
  readonly persona: Readonly<Record<string, string>>;
  readonly tone: Readonly<Record<string, string>>;
  readonly bannedWords: Readonly<Record<string, readonly string[]>>;
  readonly thresholds: {
    readonly intent: number;
    readonly faq: number;
    readonly evidence: number;
    readonly clarifyMargin: number;
  };
  readonly actions: Policy['actions'];
  readonly skills: Readonly<Record<string, string>>;
}

/** Variants by template and language. */
export type Texts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export class Bot {
  readonly policy: Policy;
  /** By language; absent where no word is banned. */
  private readonly banned = new Map<string, RegExp>();

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
    for (const [language, words] of Object.entries(file.bannedWords)) {
      if (words.length > 0) this.banned.set(language, anyOf(words));
    }
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
    return variant.replace(/\{(\w+)\}/g, (placeholder, key: string) =>
      Object.hasOwn(values, key) ? values[key]! : placeholder,
    );
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
    const banned = this.banned.get(this.spoken(language));
    return banned ? text.replace(banned, (word) => '*'.repeat(word.length)) : text;
  }

  /** The same of a text that comes in pieces: an end that may yet become a banned word waits for the next piece. */
  async *streamWithoutBannedWords(pieces: AsyncIterable<string>, language: string): AsyncGenerator<string> {
    const words = (this.file.bannedWords[this.spoken(language)] ?? []).map((word) => word.toLowerCase());
    let rest = '';
    for await (const piece of pieces) {
      const text = this.withoutBannedWords(rest + piece, language);
      const ready = text.length - lengthOfBeginning(text.toLowerCase(), words);
      rest = text.slice(ready);
      if (ready > 0) yield text.slice(0, ready);
    }
    if (rest) yield rest;
  }
}

/** Matches any of the words, the longest first. */
function anyOf(words: readonly string[]): RegExp {
  const literal = (word: string): string => word.replace(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map(literal).join('|'), 'giu');
}

/** How many characters at the end of a text are the beginning of one of the words. */
function lengthOfBeginning(text: string, words: readonly string[]): number {
  const longest = Math.max(0, ...words.map((word) => word.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (words.some((word) => word.startsWith(end))) return length;
  }
  return 0;
}
