import { tenantTopic } from '@frontdesk/contracts';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { defineService } from '@frontdesk/runtime';
import { NluConfig } from './config.js';
import { NluModule } from './nlu.module.js';

/** Understands utterances and learns from corrections. A leaf: calls nobody. */
export const nlu = defineService({
  name: 'nlu',
  module: NluModule,
  config: NluConfig,
  serves: [NluService],
  calls: [],
  publishes: [],
  subscribes: [tenantTopic],
  migrations: new URL('../migrations/', import.meta.url),
});
