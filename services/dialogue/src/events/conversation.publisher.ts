/** The facts of a conversation as rows of topic `conversation.v1`, written with the transaction that makes them true. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Injectable } from '@nestjs/common';
import { conversationTopic } from '@frontdesk/contracts';
import type { ConversationEventSchema } from '@frontdesk/contracts/events/v1/conversation_events';
import { Outbox } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import type { Conversation, HandoffTicket, Message, Reply } from '../conversation/conversation.js';
import { ConversationFacts, type HandoffBrief, type Rating } from '../conversation/facts.js';
import { toWireConversation, toWireMessage, toWireReply } from '../rpc/wire.js';

type Fact = NonNullable<MessageInitShape<typeof ConversationEventSchema>['fact']>;

@Injectable()
export class ConversationPublisher extends ConversationFacts {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  opened(tx: Transaction, conversation: Conversation): Promise<void> {
    return this.tell(tx, conversation.id, {
      case: 'opened',
      value: { conversation: toWireConversation(conversation) },
    });
  }

  customerWrote(tx: Transaction, conversationId: string, message: Message): Promise<void> {
    return this.tell(tx, conversationId, {
      case: 'customerMessagePosted',
      value: { message: toWireMessage(message) },
    });
  }

  turnCompleted(tx: Transaction, reply: Reply): Promise<void> {
    return this.tell(tx, reply.conversationId, {
      case: 'turnCompleted',
      value: { reply: toWireReply(reply) },
    });
  }

  agentWrote(tx: Transaction, conversationId: string, message: Message): Promise<void> {
    return this.tell(tx, conversationId, {
      case: 'agentMessagePosted',
      value: { message: toWireMessage(message) },
    });
  }

  handoffRequested(
    tx: Transaction,
    conversation: Conversation,
    ticket: HandoffTicket,
    brief: HandoffBrief,
  ): Promise<void> {
    const customer = { ...conversation.customer, attributes: { ...conversation.customer.attributes } };
    return this.tell(tx, conversation.id, {
      case: 'handoffRequested',
      value: { handoffId: ticket.id, reason: ticket.reason, customer, ...brief },
    });
  }

  closed(tx: Transaction, conversationId: string): Promise<void> {
    return this.tell(tx, conversationId, { case: 'closed', value: {} });
  }

  rated(tx: Transaction, conversationId: string, rating: Rating): Promise<void> {
    return this.tell(tx, conversationId, {
      case: 'feedbackGiven',
      value: { ...rating, messageSeq: BigInt(rating.messageSeq) },
    });
  }

  private tell(tx: Transaction, conversationId: string, fact: Fact): Promise<void> {
    return this.outbox.add(tx, conversationTopic, { conversationId, fact });
  }
}
