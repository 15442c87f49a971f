/**
 * Changes of settings by editors. Another encoder reads other features: a bot that was taught is trained again with
 * it, and that training is queued in the transaction that stores the choice.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '@frontdesk/store';
import { Training } from '../training/training.js';
import { checkedSettings, type BotSettings, type GivenSettings } from './bot-settings.js';
import { SettingsByBot } from './settings-by-bot.js';

export interface StoredSettings {
  readonly settings: BotSettings;
  /** The training another encoder started; undefined when none was needed. */
  readonly jobId: string | undefined;
}

@Injectable()
export class SettingsEdits {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsByBot,
    private readonly training: Training,
  ) {}

  /** Replaces the settings. Throws `invalid_argument`, naming every wrong field. */
  async put(bot: string, given: GivenSettings): Promise<StoredSettings> {
    const settings = checkedSettings(given);
    return this.database.transaction(async (tx) => {
      const before = await this.settings.exchange(tx, bot, settings);
      const sameFeatures = before.encoder === settings.encoder;
      const jobId = sameFeatures ? undefined : await this.training.enqueueIfTaught(tx, bot);
      return { settings, jobId };
    });
  }
}
