/**
 * People in a conversation: a customer asks for one, one takes over, writes, and leaves. From an acceptance to a return
 * the bot is silent; the fence sees to that. Each method is one transaction.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import type { Conversation, HandoffTicket, Message } from './conversation.js';
import { lockConversation, updateHead } from './conversation.store.js';
import { ConversationFacts, type HandoffBrief } from './facts.js';
import { found, sameMessage, stillOpen } from './guards.js';
import { headAfter, type HandoffChange } from './handoff-change.js';
import { LiveConversations } from './live-conversations.js';
import { appendMessage, selectByClientId } from './message.store.js';
import { endTurnSilently, selectUnendedTurn } from './turn.store.js';

@Injectable()
export class HandoffLog {
  constructor(
    private readonly database: Database,
    private readonly facts: ConversationFacts,
    private readonly live: LiveConversations,
  ) {}

  /** Asks for a person outside a turn, and tells the customer so. A handoff under way is returned as it is. */
  async request(
    id: string,
    ticket: HandoffTicket,
    announcement: string,
    brief: HandoffBrief,
  ): Promise<HandoffTicket> {
    return this.database.transaction(async (tx) => {
      const conversation = stillOpen(await lockConversation(tx, id));
      if (conversation.handoff && conversation.status !== 'open') return conversation.handoff;
      await appendMessage(tx, id, { role: 'system', text: announcement });
      const { memory } = conversation;
      // The turn that may be running goes on: until a person is there, the bot answers.
      const asked = await updateHead(tx, id, {
        status: 'waiting',
        handoff: ticket,
        memory,
        raiseFence: false,
      });
      await this.facts.handoffRequested(tx, conversation, ticket, brief);
      this.live.changedBy(tx, asked);
      return ticket;
    });
  }

  /**
   * Applies what the handoff service decided; `changeOf` puts it into words once the conversation is locked. A change
   * that is older than the newest one applied, or of an erased conversation, does nothing.
   */
  async apply(
    id: string,
    changeOf: (conversation: Conversation) => HandoffChange | undefined,
    within?: Transaction,
  ): Promise<void> {
    const apply = (tx: Transaction): Promise<void> => this.applyIn(tx, id, changeOf);
    return within ? apply(within) : this.database.transaction(apply);
  }

  /**
   * Appends an agent's words; the same client id again gives the message that is there. Throws `failed_precondition`
   * unless this agent holds the conversation, `already_exists` when the id was used for other words.
   */
  async write(
    id: string,
    agentId: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Message> {
    return this.database.transaction(async (tx) => {
      const conversation = found(await lockConversation(tx, id));
      const known = clientMessageId && (await selectByClientId(tx, id, 'agent', clientMessageId));
      if (known) return sameMessage(known, { agentId, text });
      if (!holds(stillOpen(conversation), agentId)) {
        throw new AppError(
          'failed_precondition',
          'Accept the handoff of this conversation before you reply in it.',
        );
      }
      const message = await appendMessage(tx, id, { role: 'agent', text, agentId, clientMessageId });
      await this.facts.agentWrote(tx, id, message);
      this.live.changedBy(tx, conversation);
      return message;
    });
  }

  private async applyIn(
    tx: Transaction,
    id: string,
    changeOf: (conversation: Conversation) => HandoffChange | undefined,
  ): Promise<void> {
    const conversation = await lockConversation(tx, id);
    const change = conversation && changeOf(conversation);
    const head = change && headAfter(conversation, change);
    if (!head) return;
    const changed = await updateHead(tx, id, head);
    if (change.state === 'accepted') await this.takeUnanswered(tx, changed);
    if (change.state !== 'queued') await appendMessage(tx, id, { role: 'system', text: change.announcement });
    if (change.state === 'closed') await this.facts.closed(tx, id);
    this.live.changedBy(tx, changed);
  }

  /** What the bot has not answered by now is the agent's to answer. */
  private async takeUnanswered(tx: Transaction, { id, handoff }: Conversation): Promise<void> {
    const turnId = await selectUnendedTurn(tx, id);
    if (turnId) await endTurnSilently(tx, turnId, handoff);
  }
}

/** Whether this agent is the one who answers. */
export function holds({ status, handoff }: Conversation, agentId: string): boolean {
  return status === 'with_agent' && handoff?.agentId === agentId;
}
