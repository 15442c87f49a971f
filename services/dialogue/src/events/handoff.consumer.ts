/** What the handoff service decided, applied to the conversation: from an acceptance on, the bot is silent. */
import { Injectable } from '@nestjs/common';
import { handoffTopic } from '@frontdesk/contracts';
import type { HandoffEvent, HandoffEventSchema } from '@frontdesk/contracts/events/v1/handoff_events';
import { Consumes, type EventConsumer } from '@frontdesk/events';
import type { Transaction } from '@frontdesk/store';
import type { Conversation } from '../conversation/conversation.js';
import type { HandoffChange } from '../conversation/handoff-change.js';
import { HandoffLog } from '../conversation/handoff-log.js';
import { HandoffDesk } from '../handoff/handoff-desk.js';

@Injectable()
@Consumes(handoffTopic)
export class HandoffConsumer implements EventConsumer<typeof HandoffEventSchema> {
  constructor(
    private readonly log: HandoffLog,
    private readonly desk: HandoffDesk,
  ) {}

  async handle(event: HandoffEvent, tx: Transaction): Promise<void> {
    await this.log.apply(event.conversationId, (conversation) => this.changeOf(event, conversation), tx);
  }

  private changeOf(
    { handoffId, revision, fact }: HandoffEvent,
    conversation: Conversation,
  ): HandoffChange | undefined {
    const head = { handoffId, revision: Number(revision) };
    switch (fact.case) {
      case 'queued':
        return { ...head, state: 'queued', position: fact.value.position };
      case 'accepted': {
        const { agentId, agentName } = fact.value;
        return {
          ...head,
          state: 'accepted',
          agentId,
          agentName,
          announcement: this.desk.announce('accepted', conversation, agentName),
        };
      }
      case 'returned':
      case 'closed':
        return { ...head, state: fact.case, announcement: this.desk.announce(fact.case, conversation) };
      default:
        return undefined;
    }
  }
}
