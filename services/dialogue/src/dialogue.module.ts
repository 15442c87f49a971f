import { Module } from '@nestjs/common';
import { BotLibrary } from './bots/bot-library.js';
import { ConversationLog } from './conversation/conversation-log.js';
import { ConversationFacts } from './conversation/facts.js';
import { HandoffLog } from './conversation/handoff-log.js';
import { LiveConversations } from './conversation/live-conversations.js';
import { TurnLog } from './conversation/turn-log.js';
import { ConversationPublisher } from './events/conversation.publisher.js';
import { HandoffConsumer } from './events/handoff.consumer.js';
import { TenantConsumer } from './events/tenant.consumer.js';
import { HandoffDesk } from './handoff/handoff-desk.js';
import { OrderSystem } from './orders/order-system.js';
import { DialogueRpc } from './rpc/dialogue.rpc.js';
import { KnowledgeRecall, MeshAgentQueue, MeshLanguageModel, NluUnderstanding } from './rpc/leaves.js';
import { AgentQueue, LanguageModel, Recall, Understanding } from './turn/ports.js';
import { Speaker } from './turn/speak.js';
import { Turns } from './turn/turn.js';
import { TurnsInHand } from './turn/turns-in-hand.js';
import { Watch } from './watch/watch.js';

@Module({
  controllers: [DialogueRpc],
  providers: [
    BotLibrary,
    ConversationLog,
    TurnLog,
    HandoffLog,
    LiveConversations,
    Turns,
    TurnsInHand,
    Speaker,
    OrderSystem,
    HandoffDesk,
    Watch,
    HandoffConsumer,
    TenantConsumer,
    { provide: ConversationFacts, useClass: ConversationPublisher },
    { provide: Understanding, useClass: NluUnderstanding },
    { provide: Recall, useClass: KnowledgeRecall },
    { provide: LanguageModel, useClass: MeshLanguageModel },
    { provide: AgentQueue, useClass: MeshAgentQueue },
  ],
})
export class DialogueModule {}
