/** The bots this service speaks as: the built-in `default`, and every folder below `BOTS_DIR`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { DialogueConfig } from '../config.js';
import type { Bot } from './bot.js';
import { readBot } from './read-bot.js';

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
    for (const folder of foldersIn(config.BOTS_DIR)) {
      const own = readBot(folder, texts).bot;
      this.bots.set(own.name, own);
    }
    if (!this.bots.has(config.DEFAULT_BOT))
      throw new AppError('invalid_argument', `DEFAULT_BOT: there is no bot "${config.DEFAULT_BOT}".`);
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

function foldersIn(botsDir: string | undefined): string[] {
  if (!botsDir) return [];
  try {
    const entries = readdirSync(botsDir, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(botsDir, name));
  } catch (cause) {
    throw new AppError('invalid_argument', `BOTS_DIR: ${botsDir} is no folder that can be read.`, { cause });
  }
}
