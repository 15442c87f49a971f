import { Module } from '@nestjs/common';
import { Desk } from './desk/desk.js';
import { Desks } from './desk/desks.js';
import { ConversationConsumer } from './events/conversation.consumer.js';
import { HandoffPublisher } from './events/handoff.publisher.js';
import { TenantConsumer } from './events/tenant.consumer.js';
import { HandoffFacts } from './queue/facts.js';
import { HandoffQueue } from './queue/handoff-queue.js';
import { HandoffRpc } from './rpc/handoff.rpc.js';

@Module({
  controllers: [HandoffRpc],
  providers: [
    HandoffQueue,
    Desk,
    Desks,
    ConversationConsumer,
    TenantConsumer,
    { provide: HandoffFacts, useClass: HandoffPublisher },
  ],
})
export class HandoffModule {}
