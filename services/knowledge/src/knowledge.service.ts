import { tenantTopic } from '@frontdesk/contracts';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { defineService } from '@frontdesk/runtime';
import { KnowledgeConfig } from './config.js';
import { KnowledgeModule } from './knowledge.module.js';

/** Keeps every tenant's articles and finds passages in them. A leaf: calls nobody. */
export const knowledge = defineService({
  name: 'knowledge',
  module: KnowledgeModule,
  config: KnowledgeConfig,
  serves: [KnowledgeService],
  calls: [],
  publishes: [],
  subscribes: [tenantTopic],
  migrations: new URL('../migrations/', import.meta.url),
});
