import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { DialogueConfig } from '../config.js';
import { BotLibrary } from './bot-library.js';
import type { Bot } from './bot.js';
import { readBot } from './read-bot.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const shopBots = here('../../../../infra/demo/bots');
const builtIn = readBot(here('../../bots/default'));
const library = (config: object = {}): BotLibrary =>
  new BotLibrary({ DEFAULT_BOT: 'default', ...config } as DialogueConfig);

describe('a bot of files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bot-'));
    mkdirSync(join(folder, 'templates'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (bot: string, replies = 'greeting: { en: [Hi] }'): void => {
    writeFileSync(join(folder, 'bot.yaml'), bot);
    writeFileSync(join(folder, 'templates/replies.yaml'), replies);
  };
  const readAs = (bot: string, replies?: string): Bot => {
    write(bot, replies);
    return readBot(folder, builtIn.texts).bot;
  };

  it('says its own texts, and those of the built-in bot where it has none', () => {
    const bot = readAs('{ name: mine, languages: [en] }');
    expect(bot.say('greeting', 'en')).toBe('Hi');
    expect(bot.say('goodbye', 'en')).toBe('Goodbye.');
    expect(bot.has('goodbye')).toBe(true);
    expect(bot.has('toString')).toBe(false);
  });

  it.each([
    ['en', 'en'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['ZH-hant', 'zh'],
    ['fr', 'en'],
    ['und', 'en'],
    ['', 'en'],
    ['pt-BR', 'pt-BR'],
    ['pt', 'en'],
  ])('answers a customer who writes %j in %s', (language, spoken) => {
    expect(readAs('{ name: mine, languages: [en, zh, pt-BR] }').spoken(language)).toBe(spoken);
  });

  it('says something it has in another language rather than nothing', () => {
    const bot = readAs('{ name: mine, languages: [fr] }');
    expect(bot.say('goodbye', 'fr')).toBe('Goodbye.');
    expect(() => bot.say('nonsense', 'fr')).toThrow('The bot mine has no template nonsense.');
  });

  it('picks the variant by choice, the same one every time', () => {
    const bot = readAs('{ name: mine, languages: [en] }', 'greeting: { en: [one, two, three] }');
    expect([0, 1, 2, 3, 1_000].map((choice) => bot.say('greeting', 'en', {}, choice))).toEqual([
      'one',
      'two',
      'three',
      'one',
      'two',
    ]);
  });

  it('fills placeholders with values, and never values with values', () => {
    const bot = readAs('{ name: mine, languages: [en] }', 'greeting: { en: ["{a} {b} {c} {constructor}"] }');
    expect(bot.say('greeting', 'en', { a: '{b}', b: '$&' })).toBe('{b} $& {c} {constructor}');
  });

  it('leaves banned words out, in whatever case, the longest first', () => {
    const bot = readAs(`
      name: mine
      languages: [en, zh]
      bannedWords: { en: [best, best price, '100% (sure)'], zh: [绝对] }`);
    expect(bot.withoutBannedWords('The BEST Price is 100% (Sure), the best.', 'en')).toBe(
      'The ********** is ***********, the ****.',
    );
    expect(bot.withoutBannedWords('绝对最好 best', 'zh')).toBe('**最好 best');
    expect(readAs('{ name: mine, languages: [en] }').withoutBannedWords('a', 'en')).toBe('a');
  });

  it('never lets a banned word through in pieces, wherever the text is cut', async () => {
    const bot = readAs(`
      name: mine
      languages: [en, zh]
      bannedWords: { en: [risk-free, free gift], zh: [保证最低价] }`);
    const streamed = async (pieces: string[], language: string): Promise<string[]> => {
      async function* source() {
        yield* pieces;
      }
      const streamed: string[] = [];
      for await (const piece of bot.streamWithoutBannedWords(source(), language)) streamed.push(piece);
      return streamed;
    };
    const text = 'A RISK-free offer, free of risk: free gi';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const pieces = await streamed([text.slice(0, cut), text.slice(cut)], 'en');
      expect(pieces.join('')).toBe('A ********* offer, free of risk: free gi');
    }
    expect(await streamed([...'我们保证最低价。'], 'zh')).toEqual(['我', '们', '*****', '。']);
    expect(await streamed(['Two ', 'days.'], 'en')).toEqual(['Two ', 'days.']);
  });

  it('finds the skill for an intent, else for one above it, else the default', () => {
    const bot = readAs('{ name: mine, languages: [en], skills: { refund: money, default: all } }');
    expect(bot.skillFor(['refund'])).toBe('money');
    expect(bot.skillFor(['refund_late', 'refund'])).toBe('money');
    expect(bot.skillFor(['weather'])).toBe('all');
    expect(readAs('{ name: mine, languages: [en] }').skillFor([])).toBe('');
  });

  it('joins persona and tone in the language it speaks', () => {
    const bot = readAs('{ name: mine, languages: [en], persona: { en: I am Mu. }, tone: { en: Be kind. } }');
    expect(bot.persona('fr')).toBe('I am Mu.\nBe kind.');
    expect(readAs('{ name: mine, languages: [en] }').persona('en')).toBe('');
  });

  it.each([
    ['bot.yaml', 'name', '{ name: My Bot, languages: [en] }', undefined],
    ['bot.yaml', 'languages', '{ name: mine, languages: [] }', undefined],
    ['bot.yaml', 'thresholds.faq', '{ name: mine, languages: [en], thresholds: { faq: 2 } }', undefined],
    ['bot.yaml', 'colour', '{ name: mine, languages: [en], colour: red }', undefined],
    ['bot.yaml', 'actions.hi', '{ name: mine, languages: [en], actions: { hi: { sing: yes } } }', undefined],
    ['bot.yaml', 'file', '- just a list', undefined],
    ['replies.yaml', 'greeting.en', '{ name: mine, languages: [en] }', 'greeting: { en: Hi }'],
    ['replies.yaml', 'greeting.en', '{ name: mine, languages: [en] }', 'greeting: { en: [] }'],
  ])('is refused with the file (%s) and the key (%s) that is wrong', (file, key, bot, replies) => {
    expect(() => readAs(bot, replies)).toThrow(new RegExp(`${file} is not usable: .*${key}`));
  });

  it('is refused when a file is no YAML', () => {
    expect(() => readAs('{ name: ')).toThrow(/bot\.yaml is not usable/);
  });

  it('is refused when a file is missing', () => {
    writeFileSync(join(folder, 'bot.yaml'), '{ name: mine, languages: [en] }');
    rmSync(join(folder, 'templates'), { recursive: true });
    expect(() => readBot(folder)).toThrow(/templates is not usable: ENOENT/);
    rmSync(join(folder, 'bot.yaml'));
    expect(() => readBot(folder)).toThrow(/bot\.yaml is not usable: ENOENT/);
  });

  it('is refused when an action says what no template defines', () => {
    expect(() => readAs('{ name: mine, languages: [en], actions: { hi: { say: howdy } } }')).toThrow(
      /bot\.yaml is not usable: actions\.hi: no template defines howdy/,
    );
  });
});

describe('the bots of an installation', () => {
  it('are the built-in one and every folder of BOTS_DIR', () => {
    const bots = library({ BOTS_DIR: shopBots });
    expect(bots.all.map(({ name }) => name)).toEqual(['default', 'shop']);
    expect(bots.choose('').name).toBe('default');
    expect(bots.choose('shop').languages).toEqual(['zh', 'en']);
    expect(bots.of('gone since').name).toBe('default');
    expect(() => bots.choose('nobody')).toThrow('There is no bot "nobody". Bots here: default, shop.');
  });

  it('keep the service from starting without the default one, or without their folder', () => {
    expect(() => library({ DEFAULT_BOT: 'shop' })).toThrow(/DEFAULT_BOT.*shop/);
    expect(() => library({ BOTS_DIR: '/nowhere/at/all' })).toThrow(/BOTS_DIR.*\/nowhere\/at\/all/);
  });

  /** Every template that the code names, as it names it. */
  const named = readdirSync(here('..'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => [
      ...readFileSync(here(`../${path}`), 'utf8').matchAll(
        /(?:\bsay\(|canned\(listener, |template: |\? (?='\w+\.))'([a-z_.]+)'/g,
      ),
    ])
    .map(([, template]) => template!);
  const situations = ['paid', 'shipped', 'delivered', 'cancelled', 'overdue'].map((s) => `order_status.${s}`);
  const announcements = ['accepted', 'returned', 'closed'].map((state) => `handoff.${state}`);
  const needed = [...new Set([...named, ...situations, ...announcements])];

  it('have every template that the code says', () => {
    expect(named).toEqual(expect.arrayContaining(['soothing', 'handoff.queued', 'acknowledged', 'clarify']));
    for (const template of needed) {
      expect([template, builtIn.bot.has(template)]).toEqual([template, true]);
      for (const language of builtIn.bot.languages)
        expect(builtIn.texts[template]![language]!.length).toBeGreaterThan(0);
    }
  });

  it('say in each language what they say in the other, with the same values', () => {
    const replies = parse(readFileSync(here('../../bots/default/templates/replies.yaml'), 'utf8')) as Record<
      string,
      Record<string, string[]>
    >;
    const values = (texts: string[]) => texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []).toSorted();
    for (const { en, zh } of Object.values(replies)) expect(values(zh!)).toEqual(values(en!));
  });
});
