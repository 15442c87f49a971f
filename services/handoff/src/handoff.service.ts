import { conversationTopic, handoffTopic, tenantTopic } from '@frontdesk/contracts';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { defineService } from '@frontdesk/runtime';
import { HandoffConfig } from './config.js';
import { HandoffModule } from './handoff.module.js';

/** Keeps those who wait for a person, and who has whom. A leaf: requests come in as events, decisions go out as events. */
export const handoff = defineService({
  name: 'handoff',
  module: HandoffModule,
  config: HandoffConfig,
  serves: [HandoffService],
  calls: [],
  publishes: [handoffTopic],
  subscribes: [conversationTopic, tenantTopic],
  migrations: new URL('../migrations/', import.meta.url),
});
