/** A tenant is gone: so is everything this service holds of it. */
import { Injectable } from '@nestjs/common';
import { tenantTopic } from '@frontdesk/contracts';
import type { TenantEvent, TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { Consumes, type EventConsumer } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { BotModels } from '../models/bot-models.js';
import { deleteModels } from '../models/model.store.js';
import { deleteSettings } from '../settings/bot-settings.store.js';
import { SettingsByBot } from '../settings/settings-by-bot.js';
import { deleteExampleVectors } from '../neural/example-vectors.js';
import { deleteTaxonomies } from '../taxonomy/taxonomy.store.js';
import { deleteJobs } from '../training/training-job.store.js';

@Injectable()
@Consumes(tenantTopic)
export class TenantConsumer implements EventConsumer<typeof TenantEventSchema> {
  constructor(
    private readonly models: BotModels,
    private readonly settings: SettingsByBot,
  ) {}

  async handle({ tenantId, fact }: TenantEvent, tx: Transaction): Promise<void> {
    if (fact.case !== 'erased') return;
    await deleteJobs(tx);
    await deleteModels(tx);
    await deleteTaxonomies(tx);
    await deleteExampleVectors(tx);
    await deleteSettings(tx);
    tx.afterCommit(() => {
      this.models.forget(tenantId);
      this.settings.forget(tenantId);
    });
  }
}
