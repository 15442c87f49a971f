/** The bots this service speaks as: the built-in `default`, and every folder below `BOTS_DIR`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { DialogueConfig } from '../config.js';
import { readBot, type Bot } from './bot.js';

const builtIn = fileURLToPath(new URL('../../bots/default', import.meta.url));

@Injectable()
export class BotLibrary {
  private readonly bots = new Map<string, Bot>();
  private readonly fallback: Bot;

  /** Throws, and so keeps the service from starting, when a bot's files are not usable. */
  constructor(private readonly config: DialogueConfig) {
    const { bot, texts } = readBot(builtIn);
    this.fallback = bot;
    this.bots.set(bot.name, bot);
    if (!config.BOTS_DIR) return;
    for (const entry of readdirSync(config.BOTS_DIR, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const own = readBot(join(config.BOTS_DIR, entry.name), texts).bot;
      this.bots.set(own.name, own);
    }
  }

  get all(): readonly Bot[] {
    return [...this.bots.values()];
  }

  /** The bot a new conversation talks to; an empty name means the default one. Throws `invalid_argument`. */
  choose(name: string): Bot {
    const bot = this.bots.get(name || this.config.DEFAULT_BOT);
    if (bot) return bot;
    throw new AppError(
      'invalid_argument',
      `There is no bot "${name}". Bots here: ${[...this.bots.keys()].join(', ')}.`,
      {
        fields: [{ field: 'bot', message: 'is not the name of a bot' }],
      },
    );
  }

  /** The bot of a conversation that is under way; the built-in one if its own was taken away since. */
  of(name: string): Bot {
    return this.bots.get(name) ?? this.fallback;
  }
}
