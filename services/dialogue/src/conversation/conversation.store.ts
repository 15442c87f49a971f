/**
 * Rows of `conversations` ↔ the head of a log. Each function is one statement of a transaction that a log composes.
 * Row-level security adds the tenant to every one of them.
 */
import type { Transaction } from '@frontdesk/store';
import {
  freshMemory,
  type Conversation,
  type ConversationStatus,
  type HandoffTicket,
  type Memory,
} from './conversation.js';

export interface ConversationRow {
  id: string;
  bot: string;
  channel: string;
  locale: string;
  customer: Conversation['customer'];
  status: ConversationStatus;
  fence: number;
  last_seq: number;
  memory: Partial<Memory>;
  handoff: HandoffTicket | null;
  created_at: Date;
}

export type NewConversation = Pick<Conversation, 'id' | 'bot' | 'channel' | 'locale' | 'customer' | 'memory'>;

/** What a change of owner or status writes. */
export interface HeadChange {
  readonly status: ConversationStatus;
  readonly handoff: HandoffTicket | null;
  readonly memory: Memory;
  /** Takes the conversation from whatever turn is running. */
  readonly raiseFence: boolean;
}

export const conversationColumns =
  'id, bot, channel, locale, customer, status, fence, last_seq, memory, handoff, created_at';

/** Undefined when the id is taken. */
export async function insertConversation(
  tx: Transaction,
  { id, bot, channel, locale, customer, memory }: NewConversation,
): Promise<Conversation | undefined> {
  const rows = await tx.query<ConversationRow>(
    `INSERT INTO conversations (id, bot, channel, locale, customer, status, memory)
     VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT DO NOTHING RETURNING ${conversationColumns}`,
    [id, bot, channel, locale, JSON.stringify(customer), JSON.stringify(memory)],
  );
  return rows[0] && toConversation(rows[0]);
}

export async function selectConversation(tx: Transaction, id: string): Promise<Conversation | undefined> {
  const rows = await tx.query<ConversationRow>(
    `SELECT ${conversationColumns} FROM conversations WHERE id = $1`,
    [id],
  );
  return rows[0] && toConversation(rows[0]);
}

/** The head, locked until the transaction ends: whoever changes the owner or the status goes through here. */
export async function lockConversation(tx: Transaction, id: string): Promise<Conversation | undefined> {
  const rows = await tx.query<ConversationRow>(
    `SELECT ${conversationColumns} FROM conversations WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  return rows[0] && toConversation(rows[0]);
}

export async function updateHead(tx: Transaction, id: string, change: HeadChange): Promise<Conversation> {
  const rows = await tx.query<ConversationRow>(
    `UPDATE conversations SET status = $2, handoff = $3, memory = $4, fence = fence + $5
     WHERE id = $1 RETURNING ${conversationColumns}`,
    [
      id,
      change.status,
      change.handoff && JSON.stringify(change.handoff),
      JSON.stringify(change.memory),
      change.raiseFence ? 1 : 0,
    ],
  );
  return toConversation(rows[0]!);
}

/** A second rating of the same message replaces the first. */
export async function upsertFeedback(
  tx: Transaction,
  conversationId: string,
  rating: { rating: number; comment: string; messageSeq: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO feedback (conversation_id, message_seq, rating, comment) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, conversation_id, message_seq) DO UPDATE SET rating = $3, comment = $4, created_at = now()`,
    [conversationId, rating.messageSeq, rating.rating, rating.comment],
  );
}

/** All rows of the transaction's tenant; messages, turns and feedback go with their conversation. */
export async function deleteEverything(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM conversations');
}

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    bot: row.bot,
    channel: row.channel,
    locale: row.locale,
    customer: row.customer,
    status: row.status,
    fence: row.fence,
    // A head written by an earlier version remembers less.
    memory: { ...freshMemory, ...row.memory },
    handoff: row.handoff,
    createdAt: row.created_at,
  };
}
