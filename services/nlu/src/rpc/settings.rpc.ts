/** The settings of `frontdesk.nlu.v1.NluService`. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import * as wire from '@frontdesk/contracts/nlu/v1/nlu_service';
import { Rpc } from '@frontdesk/rpc';
import { NluConfig } from '../config.js';
import type { BotSettings, GivenSettings } from '../settings/bot-settings.js';
import { SettingsByBot } from '../settings/settings-by-bot.js';
import { SettingsEdits } from '../settings/settings-edits.js';

const { NluService } = wire;

@Controller()
export class SettingsRpc {
  constructor(
    private readonly settings: SettingsByBot,
    private readonly edits: SettingsEdits,
    private readonly config: NluConfig,
  ) {}

  @Rpc(NluService.method.getSettings)
  async getSettings({
    bot,
  }: wire.GetSettingsRequest): Promise<MessageInitShape<typeof wire.GetSettingsResponseSchema>> {
    return { settings: toWire(await this.settings.of(bot || this.config.DEFAULT_BOT)) };
  }

  @Rpc(NluService.method.putSettings)
  async putSettings({
    bot,
    settings: given,
  }: wire.PutSettingsRequest): Promise<MessageInitShape<typeof wire.PutSettingsResponseSchema>> {
    const { settings, jobId } = await this.edits.put(bot || this.config.DEFAULT_BOT, fromWire(given));
    return { settings: toWire(settings), ...(jobId && { jobId }) };
  }
}

/** No settings at all put everything back to what is configured for the installation. */
function fromWire(settings: wire.Settings | undefined): GivenSettings {
  return {
    encoder: settings?.encoder ?? '',
    gateMargin: settings?.gateMargin,
    entities: (settings?.entities ?? []).map(({ type, pattern, values }) => ({
      type,
      pattern,
      values: values.map(({ value, synonyms }) => ({ value, synonyms })),
    })),
  };
}

function toWire({
  encoder,
  gateMargin,
  entities,
}: BotSettings): MessageInitShape<typeof wire.SettingsSchema> {
  return {
    ...(encoder && { encoder }),
    ...(gateMargin !== undefined && { gateMargin }),
    entities: entities.map(({ type, pattern = '', values = [] }) => ({
      type,
      pattern,
      values: values.map(({ value, synonyms }) => ({ value, synonyms: [...synonyms] })),
    })),
  };
}
