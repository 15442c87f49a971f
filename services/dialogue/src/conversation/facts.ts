import type { Transaction } from '@frontdesk/store';
import type { Trajectory } from '../emotion/trajectory.js';
import type { Conversation, HandoffTicket, Message, Reply } from './conversation.js';

/** What a person who takes over is told at once. */
export interface HandoffBrief {
  readonly skill: string;
  readonly language: string;
  /** Larger first. */
  readonly priority: number;
  readonly summary: string;
  /** Absent when nothing was read. */
  readonly mood?: Trajectory | undefined;
  /** Of the newest message, e.g. `angry`; empty when it was not read. */
  readonly emotion: string;
}

/**
 * Facts of a conversation, each published with the transaction that makes it true. Implemented in `events/`, so that
 * the domain knows no wire format.
 */
export abstract class ConversationFacts {
  abstract opened(tx: Transaction, conversation: Conversation): Promise<void>;
  abstract customerWrote(tx: Transaction, conversationId: string, message: Message): Promise<void>;
  abstract turnCompleted(tx: Transaction, reply: Reply): Promise<void>;
  abstract agentWrote(tx: Transaction, conversationId: string, message: Message): Promise<void>;
  abstract handoffRequested(
    tx: Transaction,
    conversation: Conversation,
    ticket: HandoffTicket,
    brief: HandoffBrief,
  ): Promise<void>;
  abstract closed(tx: Transaction, conversationId: string): Promise<void>;
  abstract rated(tx: Transaction, conversationId: string, rating: Rating): Promise<void>;
}

export interface Rating {
  /** 1 to 5. */
  readonly rating: number;
  readonly comment: string;
  /** 0 rates the whole conversation. */
  readonly messageSeq: number;
}
