/** A tenant is gone: so is everything this service holds of it. */
import { Injectable } from '@nestjs/common';
import { tenantTopic } from '@frontdesk/contracts';
import type { TenantEvent, TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { Consumes, type EventConsumer } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { deleteEverything } from '../queue/handoff.store.js';

@Injectable()
@Consumes(tenantTopic)
export class TenantConsumer implements EventConsumer<typeof TenantEventSchema> {
  async handle(event: TenantEvent, tx: Transaction): Promise<void> {
    if (event.fact.case === 'erased') await deleteEverything(tx);
  }
}
