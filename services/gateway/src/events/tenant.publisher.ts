/** The facts of a tenant as rows of topic `tenant.v1`, written with the transaction that makes them true. */
import { Injectable } from '@nestjs/common';
import { tenantTopic } from '@frontdesk/contracts';
import { Outbox } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { TenantFacts } from '../access/tenants.js';

@Injectable()
export class TenantPublisher extends TenantFacts {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  erased(tx: Transaction, tenantId: string): Promise<void> {
    return this.outbox.add(tx, tenantTopic, { tenantId, fact: { case: 'erased', value: {} } });
  }
}
