import { tenantTopic } from '@frontdesk/contracts';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { ConversationService } from '@frontdesk/contracts/gateway/v1/conversation_service';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { defineService } from '@frontdesk/runtime';
import { GatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { mountWeb } from './http/mount-web.js';
import { WebServer } from './http/web-server.js';

/** The only edge: everything that comes from outside comes in here, by HTTP or by gRPC. */
export const gateway = defineService({
  name: 'gateway',
  module: GatewayModule,
  config: GatewayConfig,
  serves: [ConversationService],
  calls: [DialogueService, NluService, KnowledgeService, HandoffService],
  publishes: [tenantTopic],
  subscribes: [],
  migrations: new URL('../migrations/', import.meta.url),
  http: {
    adapter: (config) => new WebServer(config),
    configure: mountWeb,
    port: (config) => config.PORT,
  },
});
