/**
 * The append-only log of a conversation, from its opening to its end. Every method is one transaction: message, state
 * and outbox row together, then the watchers are told. Who may append to it: the bot in `turn-log.ts`, people in
 * `handoff-log.ts`.
 */
import { Injectable } from '@nestjs/common';
import { newId } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { freshMemory, type Conversation, type Message } from './conversation.js';
import {
  insertConversation,
  lockConversation,
  selectConversation,
  updateHead,
  upsertFeedback,
  type NewConversation,
} from './conversation.store.js';
import { ConversationFacts, type Rating } from './facts.js';
import { found } from './guards.js';
import { endedTicket } from './handoff-change.js';
import { LiveConversations } from './live-conversations.js';
import { selectHistory, selectMessages } from './message.store.js';

export interface Opening extends Omit<NewConversation, 'id' | 'memory'> {
  /** The caller's own, so that a retry opens no second conversation. */
  readonly id: string | undefined;
}

@Injectable()
export class ConversationLog {
  constructor(
    private readonly database: Database,
    private readonly facts: ConversationFacts,
    private readonly live: LiveConversations,
  ) {}

  /** Opens a conversation; the same id again gives the one that is there. */
  async open(opening: Opening): Promise<Conversation> {
    const id = opening.id ?? newId();
    return this.database.transaction(async (tx) => {
      const opened = await insertConversation(tx, { ...opening, id, memory: freshMemory });
      if (!opened) return found(await selectConversation(tx, id));
      await this.facts.opened(tx, opened);
      return opened;
    });
  }

  async get(id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => found(await selectConversation(tx, id)));
  }

  /** Head and messages after a position. The head is read first, so no message it speaks of is missing. */
  async read(
    id: string,
    afterSeq: number,
    limit: number,
  ): Promise<{ conversation: Conversation; messages: Message[] }> {
    return this.database.transaction(async (tx) => ({
      conversation: found(await selectConversation(tx, id)),
      messages: await selectMessages(tx, id, afterSeq, limit),
    }));
  }

  /** The newest messages before `beforeSeq`, oldest first. */
  async history(id: string, beforeSeq: number, limit: number): Promise<Message[]> {
    return this.database.transaction((tx) => selectHistory(tx, id, beforeSeq, limit));
  }

  /** Ends the conversation; ending it again changes nothing. */
  async close(id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      const conversation = found(await lockConversation(tx, id));
      if (conversation.status === 'closed') return conversation;
      const { memory, handoff } = conversation;
      const closed = await updateHead(tx, id, {
        status: 'closed',
        handoff: handoff && endedTicket(handoff),
        memory,
        raiseFence: true,
      });
      await this.facts.closed(tx, id);
      this.live.changedBy(tx, closed);
      return closed;
    });
  }

  /** Stores a rating; a second one of the same message replaces the first. */
  async rate(id: string, rating: Rating): Promise<void> {
    await this.database.transaction(async (tx) => {
      found(await selectConversation(tx, id));
      await upsertFeedback(tx, id, rating);
      await this.facts.rated(tx, id, rating);
    });
  }
}
