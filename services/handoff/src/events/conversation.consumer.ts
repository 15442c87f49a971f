/** What happens in conversations, as far as people are concerned. */
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import { conversationTopic } from '@frontdesk/contracts';
import type {
  ConversationEvent,
  ConversationEventSchema,
} from '@frontdesk/contracts/events/v1/conversation_events';
import { Consumes, type EventConsumer } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import { Desks } from '../desk/desks.js';
import { HandoffQueue } from '../queue/handoff-queue.js';
import { selectLive } from '../queue/handoff.store.js';

@Injectable()
@Consumes(conversationTopic)
export class ConversationConsumer implements EventConsumer<typeof ConversationEventSchema> {
  constructor(
    private readonly queue: HandoffQueue,
    private readonly desks: Desks,
  ) {}

  async handle({ conversationId, fact }: ConversationEvent, tx: Transaction): Promise<void> {
    switch (fact.case) {
      case 'handoffRequested': {
        const { handoffId, reason, skill, language, priority, summary, customer } = fact.value;
        const who = {
          id: customer?.id ?? '',
          name: customer?.name ?? '',
          attributes: { ...customer?.attributes },
        };
        return this.queue.enter(tx, {
          id: handoffId,
          conversationId,
          reason,
          skill,
          language,
          priority,
          summary,
          customer: who,
        });
      }
      case 'customerMessagePosted': {
        const live = await selectLive(tx, conversationId);
        const { message } = fact.value;
        if (live?.state !== 'active' || !message) return;
        const createdAt = (message.createdAt ? timestampDate(message.createdAt) : new Date()).toISOString();
        const line = {
          handoffId: live.id,
          conversationId,
          agentId: live.agentId,
          seq: Number(message.seq),
          text: message.text,
          createdAt,
        };
        const tenantId = tx.tenantId!;
        return tx.afterCommit(() => this.desks.customerWrote(tenantId, line));
      }
      case 'closed':
        return this.queue.conversationClosed(tx, conversationId);
      default:
        return;
    }
  }
}
