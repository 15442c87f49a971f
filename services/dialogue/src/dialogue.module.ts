import { Module } from '@nestjs/common';
import { systemClock } from '@frontdesk/core';
import { BotLibrary } from './bots/bot-library.js';
import { DialogueConfig } from './config.js';
import { ConversationLog } from './conversation/conversation-log.js';
import { ConversationFacts } from './conversation/facts.js';
import { LiveConversations } from './conversation/live-conversations.js';
import { ConversationPublisher } from './events/conversation.publisher.js';
import { HandoffConsumer } from './events/handoff.consumer.js';
import { TenantConsumer } from './events/tenant.consumer.js';
import { HandoffDesk } from './handoff/handoff-desk.js';
import { OrderSystem } from './orders/order-system.js';
import { DialogueRpc } from './rpc/dialogue.rpc.js';
import { KnowledgeRecall, MeshAgentQueue, MeshLanguageModel, NluUnderstanding } from './rpc/leaves.js';
import type { TurnBudget } from './turn/degrade.js';
import { AgentQueue, LanguageModel, Recall, Understanding } from './turn/ports.js';
import { Speaker } from './turn/speak.js';
import { Turns } from './turn/turn.js';
import { Watch } from './watch/watch.js';

const budgetOf = (config: DialogueConfig): TurnBudget => ({
  firstTokenMs: config.TURN_FIRST_TOKEN_MS,
  stallMs: config.TURN_STALL_MS,
  understandMs: config.TURN_UNDERSTAND_MS,
  answerMs: config.TURN_ANSWER_MS,
});

@Module({
  controllers: [DialogueRpc],
  providers: [
    BotLibrary,
    ConversationLog,
    LiveConversations,
    HandoffDesk,
    OrderSystem,
    Watch,
    HandoffConsumer,
    TenantConsumer,
    { provide: ConversationFacts, useClass: ConversationPublisher },
    { provide: Understanding, useClass: NluUnderstanding },
    { provide: Recall, useClass: KnowledgeRecall },
    { provide: LanguageModel, useClass: MeshLanguageModel },
    { provide: AgentQueue, useClass: MeshAgentQueue },
    {
      provide: Speaker,
      inject: [LanguageModel, OrderSystem, AgentQueue, DialogueConfig],
      useFactory: (model: LanguageModel, orders: OrderSystem, agents: AgentQueue, config: DialogueConfig) =>
        new Speaker(model, orders, agents, budgetOf(config), systemClock),
    },
    {
      provide: Turns,
      inject: [
        ConversationLog,
        LiveConversations,
        BotLibrary,
        Understanding,
        Recall,
        Speaker,
        DialogueConfig,
      ],
      useFactory: (
        log: ConversationLog,
        live: LiveConversations,
        bots: BotLibrary,
        understanding: Understanding,
        recall: Recall,
        speaker: Speaker,
        config: DialogueConfig,
      ) =>
        new Turns(
          log,
          live,
          bots,
          understanding,
          recall,
          speaker,
          budgetOf(config),
          config.HISTORY_MESSAGES,
          systemClock,
        ),
    },
  ],
})
export class DialogueModule {}
