import { Module } from '@nestjs/common';
import { TenantConsumer } from './events/tenant.consumer.js';
import { BotModels } from './models/bot-models.js';
import { NluRpc } from './rpc/nlu.rpc.js';
import { Taxonomies } from './taxonomy/taxonomies.js';
import { Training } from './training/training.js';
import { Understanding } from './understanding/understanding.js';

@Module({
  controllers: [NluRpc],
  providers: [BotModels, Taxonomies, Training, Understanding, TenantConsumer],
})
export class NluModule {}
