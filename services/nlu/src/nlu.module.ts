import { Module } from '@nestjs/common';
import { Emotions } from './emotion/emotions.js';
import { TenantConsumer } from './events/tenant.consumer.js';
import { BotModels } from './models/bot-models.js';
import { Encoders } from './neural/encoders.js';
import { Readers } from './training/readers.js';
import { Labels } from './labels/labels.js';
import { LabelsRpc } from './rpc/labels.rpc.js';
import { ModelsRpc } from './rpc/models.rpc.js';
import { NluRpc } from './rpc/nlu.rpc.js';
import { SettingsRpc } from './rpc/settings.rpc.js';
import { SettingsByBot } from './settings/settings-by-bot.js';
import { SettingsEdits } from './settings/settings-edits.js';
import { Taxonomies } from './taxonomy/taxonomies.js';
import { Training } from './training/training.js';
import { Explanations } from './understanding/explanation.js';
import { Understanding } from './understanding/understanding.js';

@Module({
  controllers: [NluRpc, ModelsRpc, SettingsRpc, LabelsRpc],
  providers: [
    BotModels,
    Encoders,
    Emotions,
    Readers,
    Taxonomies,
    Training,
    Understanding,
    Explanations,
    SettingsByBot,
    SettingsEdits,
    Labels,
    TenantConsumer,
  ],
})
export class NluModule {}
