/** A tenant is gone: so is everything this service holds of it, old versions included. */
import { Injectable } from '@nestjs/common';
import { tenantTopic } from '@frontdesk/contracts';
import type { TenantEvent, TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { Consumes, type EventConsumer } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { deleteEverything } from '../articles/article.store.js';
import { Corpora } from '../search/corpora.js';

@Injectable()
@Consumes(tenantTopic)
export class TenantConsumer implements EventConsumer<typeof TenantEventSchema> {
  constructor(private readonly corpora: Corpora) {}

  async handle(event: TenantEvent, tx: Transaction): Promise<void> {
    if (event.fact.case !== 'erased') return;
    await deleteEverything(tx);
    tx.afterCommit(() => this.corpora.outdated(event.tenantId));
  }
}
