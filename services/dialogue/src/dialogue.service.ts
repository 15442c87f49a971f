import { conversationTopic, handoffTopic, tenantTopic } from '@frontdesk/contracts';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { LlmService } from '@frontdesk/contracts/llm/v1/llm_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { defineService } from '@frontdesk/runtime';
import { DialogueConfig } from './config.js';
import { DialogueModule } from './dialogue.module.js';

/** Owns every conversation and takes every turn; the only service that calls others on a customer's behalf. */
export const dialogue = defineService({
  name: 'dialogue',
  module: DialogueModule,
  config: DialogueConfig,
  serves: [DialogueService],
  calls: [NluService, KnowledgeService, LlmService, HandoffService],
  publishes: [conversationTopic],
  subscribes: [handoffTopic, tenantTopic],
  migrations: new URL('../migrations/', import.meta.url),
});
