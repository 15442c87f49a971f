/** The words of a conversation. Plain data; `rpc/` and `events/` translate it to the wire. */
import type { Feeling, Trajectory } from '../emotion/trajectory.js';

export type Role = 'customer' | 'bot' | 'agent' | 'system';
export type ReplyKind =
  'flow' | 'faq' | 'generated' | 'cached' | 'clarify' | 'fallback' | 'soothing' | 'handoff';
/** `waiting`: a person was asked for, the bot still answers. `with_agent`: a person answers, the bot is silent. */
export type ConversationStatus = 'open' | 'waiting' | 'with_agent' | 'closed';
export type HandoffReason = 'customer_request' | 'no_answer' | 'angry';

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Source {
  readonly id: string;
  readonly title: string;
  /** 0 to 1. */
  readonly score: number;
  readonly url: string;
}

export interface Message {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly role: Role;
  readonly text: string;
  readonly createdAt: Date;
  readonly turnId?: string | undefined;
  readonly clientMessageId?: string | undefined;
  readonly kind?: ReplyKind | undefined;
  readonly sources: readonly Source[];
  readonly agentId?: string | undefined;
  readonly degraded: boolean;
}

/** What a customer may know of their handoff. */
export interface HandoffTicket {
  readonly id: string;
  readonly reason: HandoffReason;
  readonly state: 'waiting' | 'active' | 'returned' | 'closed';
  /** From 1; 0 when unknown or over. */
  readonly position: number;
  readonly agentId: string;
  readonly agentName: string;
  /** Of the handoff service's newest fact that was applied; 0 before the first. */
  readonly revision: number;
}

/** What the next decision must remember of the last ones. */
export interface Memory {
  /** Turns in a row which found no answer. */
  readonly failedTurns: number;
  /** What the bot asked for last, if anything. */
  readonly awaiting: 'order_number' | 'handoff_consent' | null;
  /** The customer's language as last heard, BCP 47; empty before the first message. */
  readonly language: string;
  /** Sentiment of the last customer messages, oldest first; null where one was not understood. */
  readonly feelings: readonly Feeling[];
  /** Turns since the bot last soothed; null: it never did. */
  readonly turnsSinceSoothed: number | null;
}

export const freshMemory: Memory = {
  failedTurns: 0,
  awaiting: null,
  language: '',
  feelings: [],
  turnsSinceSoothed: null,
};

export interface Conversation {
  readonly id: string;
  readonly bot: string;
  readonly channel: string;
  /** BCP 47, or empty: as the customer writes. */
  readonly locale: string;
  readonly customer: Customer;
  readonly status: ConversationStatus;
  readonly fence: number;
  readonly memory: Memory;
  readonly handoff: HandoffTicket | null;
  readonly createdAt: Date;
}

export interface Label {
  readonly name: string;
  /** Probability, 0 to 1. */
  readonly confidence: number;
}

export interface Entity {
  readonly type: string;
  /** Normal form, e.g. `A1001`. */
  readonly value: string;
  readonly text: string;
  /** UTF-16 code units, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** One clause of a message that asks for several things. */
export interface Request {
  readonly intent: Label;
  /** UTF-16 code units, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** What was understood of one customer message. */
export interface Reading {
  readonly language: string;
  readonly intent: Label;
  /** Ancestors of the intent, nearest first. */
  readonly intentPath: readonly string[];
  readonly alternatives: readonly Label[];
  readonly emotion: Label;
  /** −1 to 1. */
  readonly sentiment: number;
  readonly entities: readonly Entity[];
  /** What each clause asks for, where two ask for two things. */
  readonly requests: readonly Request[];
  readonly model: string;
  /** `neural` or `lexical`. */
  readonly tier: string;
  /** How the customer has felt up to this message; the turn adds it to what nlu read. */
  readonly mood?: Trajectory | undefined;
}

/** A finished turn. `message` is null when a person answers instead of the bot. */
export interface Reply {
  readonly conversationId: string;
  readonly turnId: string;
  readonly message: Message | null;
  readonly reading: Reading | null;
  readonly degraded: boolean;
  readonly handoff: HandoffTicket | null;
  /** Milliseconds by step, e.g. `totalMs`. */
  readonly timings: Readonly<Record<string, number>>;
}
