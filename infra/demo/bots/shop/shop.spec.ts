import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';

type Locale = 'zh' | 'en';
interface Intent {
  name: string;
  parent?: string;
  examples?: Record<Locale, string[]>;
}
interface Labelled {
  text: string;
  locale: Locale;
  intent: string;
}
interface Bot {
  languages: Locale[];
  bannedWords: Record<Locale, string[]>;
  skills: Record<string, string>;
}

const read = <T>(path: string): T => parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
const bot = read<Bot>('bot.yaml');
const replies = read<Record<string, Record<Locale, string[]>>>('templates/replies.yaml');
const { holdout } = read<{ holdout: Labelled[] }>('intents/holdout.yaml');
const intents = readdirSync(new URL('intents', import.meta.url))
  .filter((file) => file !== 'holdout.yaml')
  .flatMap((file) => read<{ intents: Intent[] }>(`intents/${file}`).intents);

const parents = new Set(intents.map((intent) => intent.parent));
const leaves = intents.filter((intent) => !parents.has(intent.name));
const examples: Labelled[] = leaves.flatMap(({ name, examples }) =>
  bot.languages.flatMap((locale) =>
    (examples?.[locale] ?? []).map((text) => ({ text, locale, intent: name })),
  ),
);
/** Letters and digits alone: what a classifier would see of two spellings of one utterance. */
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const count = (of: Labelled[], intent: string, locale: Locale) =>
  of.filter((one) => one.intent === intent && one.locale === locale).length;

describe('the taxonomy', () => {
  it('names each intent once and hangs it under a known one', () => {
    const names = intents.map((intent) => intent.name);
    expect(names).toEqual([...new Set(names)]);
    expect(intents.filter(({ parent }) => parent !== undefined && !names.includes(parent))).toEqual([]);
  });

  it.each(leaves.map((leaf) => leaf.name))(
    'teaches %s by at least 14 examples a language, judges it by 4',
    (name) => {
      for (const locale of bot.languages) {
        expect(count(examples, name, locale)).toBeGreaterThanOrEqual(14);
        expect(count(holdout, name, locale)).toBeGreaterThanOrEqual(4);
      }
    },
  );

  it('gives no utterance to two intents', () => {
    const labels = Map.groupBy(examples, (example) => bare(example.text));
    const torn = [...labels.values()].filter(
      (same) => new Set(same.map((example) => example.intent)).size > 1,
    );
    expect(torn).toEqual([]);
  });

  it('keeps the holdout unseen, with labels that exist', () => {
    const seen = new Set(examples.map((example) => bare(example.text)));
    expect(holdout.filter((one) => seen.has(bare(one.text)))).toEqual([]);
    const known = new Set([...leaves.map((leaf) => leaf.name), 'out_of_scope']);
    expect(holdout.filter((one) => !known.has(one.intent))).toEqual([]);
    expect(holdout.filter((one) => one.intent === 'out_of_scope').length).toBeGreaterThanOrEqual(30);
  });

  it('is served by skills that name its top-level intents', () => {
    const tops = intents.filter((intent) => intent.parent === undefined).map((intent) => intent.name);
    expect(Object.keys(bot.skills).filter((top) => top !== 'default' && !tops.includes(top))).toEqual([]);
    expect(bot.skills['default']).toBeDefined();
  });
});

describe('the replies', () => {
  const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

  it.each(Object.keys(replies))(
    '%s takes the same placeholders in every variant of both languages',
    (key) => {
      const variants = bot.languages.flatMap((locale) => replies[key]![locale]);
      expect(bot.languages.every((locale) => replies[key]![locale].length > 0)).toBe(true);
      for (const variant of variants) expect(placeholders(variant)).toEqual(placeholders(variants[0]!));
    },
  );

  it('use no banned word', () => {
    for (const locale of bot.languages) {
      const text = Object.values(replies)
        .flatMap((reply) => reply[locale])
        .join('\n')
        .toLowerCase();
      expect(bot.bannedWords[locale].filter((word) => text.includes(word))).toEqual([]);
    }
  });
});
