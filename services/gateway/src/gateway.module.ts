import { Module } from '@nestjs/common';
import { Access } from './access/access.js';
import { ApiKeys } from './access/api-keys.js';
import { IdentityProvider } from './access/identity-provider.js';
import { TenantFacts, Tenants } from './access/tenants.js';
import { TenantPublisher } from './events/tenant.publisher.js';
import { ConversationController } from './http/conversations/conversation.controller.js';
import { MessageController } from './http/conversations/message.controller.js';
import { SocketController } from './http/conversations/socket.controller.js';
import { Entry } from './http/entry.js';
import { Faults } from './http/faults.js';
import { HandoffController } from './http/handoffs/handoff.controller.js';
import { KnowledgeController } from './http/knowledge/knowledge.controller.js';
import { LiveStreams } from './http/live-streams.js';
import { ExampleController } from './http/nlu/example.controller.js';
import { ModelController } from './http/nlu/model.controller.js';
import { NluController } from './http/nlu/nlu.controller.js';
import { SettingsController } from './http/nlu/settings.controller.js';
import { OpenAiController } from './http/openai/openai.controller.js';
import { OpenApiController } from './http/openapi/openapi.controller.js';
import { PageController } from './http/pages/page.controller.js';
import { Streams } from './http/streams.js';
import { ApiKeyController } from './http/tenants/api-key.controller.js';
import { TenantController } from './http/tenants/tenant.controller.js';
import { Idempotency } from './idempotency/idempotency.js';
import { RequestLimits } from './limits/request-limits.js';
import { ConversationRpc } from './rpc/conversation.rpc.js';
import { Customers } from './rpc/customers.js';
import { Follow } from './rpc/follow.js';

@Module({
  controllers: [
    ConversationController,
    MessageController,
    SocketController,
    KnowledgeController,
    NluController,
    ModelController,
    SettingsController,
    ExampleController,
    HandoffController,
    TenantController,
    ApiKeyController,
    OpenAiController,
    OpenApiController,
    PageController,
    ConversationRpc,
  ],
  providers: [
    Access,
    ApiKeys,
    IdentityProvider,
    Tenants,
    { provide: TenantFacts, useClass: TenantPublisher },
    RequestLimits,
    Idempotency,
    Customers,
    Follow,
    Entry,
    Streams,
    LiveStreams,
    Faults,
  ],
})
export class GatewayModule {}
