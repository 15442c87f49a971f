/**
 * The settings of every bot, in memory where they are asked for with each utterance. What is put answers in this
 * process from the commit on, and in the others as soon as they hear of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Log } from '@frontdesk/runtime';
import { Database, KeyValue, type Transaction } from '@frontdesk/store';
import { BotMemory } from '../bot-memory.js';
import { NluConfig } from '../config.js';
import { compileDefinitions, type CompiledEntities } from '../entities/custom.js';
import type { BotSettings } from './bot-settings.js';
import { exchangeSettings, selectSettings } from './bot-settings.store.js';

export interface ReadySettings extends BotSettings {
  /** As they are stored. */
  readonly settings: BotSettings;
  /** The entities of the bot's own, ready to be looked for. */
  readonly custom: CompiledEntities;
}

@Injectable()
export class SettingsByBot implements OnModuleInit, OnModuleDestroy {
  private readonly memory: BotMemory<ReadySettings>;

  constructor(database: Database, keyValue: KeyValue, config: NluConfig, log: Log) {
    this.memory = new BotMemory(keyValue, log, {
      channel: 'nlu:settings',
      most: config.NLU_MODELS_IN_MEMORY,
      recheckMs: config.NLU_MODEL_RECHECK_MS,
      read: async (bot, known) => {
        const settings = await database.transaction((tx) => selectSettings(tx, bot));
        // Compiling a catalogue holds up utterances, and every recheck comes here.
        if (known && isDeepStrictEqual(known.settings, settings)) return known;
        return { ...settings, settings, custom: compileDefinitions(settings.entities) };
      },
    });
  }

  onModuleInit(): Promise<void> {
    return this.memory.open();
  }

  onModuleDestroy(): Promise<void> {
    return this.memory.close();
  }

  /** Those of the current tenant's bot; NO_SETTINGS where its editors put none. */
  of(bot: string): Promise<ReadySettings> {
    return this.memory.of(bot);
  }

  /** Replaces the settings, which answer from the commit on. Returns those that were there. */
  exchange(tx: Transaction, bot: string, settings: BotSettings): Promise<BotSettings> {
    this.memory.announce(tx, bot);
    return exchangeSettings(tx, bot, settings);
  }

  /** Drops what is in memory of a tenant that is gone. */
  forget(tenantId: string): void {
    this.memory.forget(tenantId);
  }
}
