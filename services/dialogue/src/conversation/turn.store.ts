/** Rows of `turns`: how one begins and ends, each in a single statement together with its message and the head. */
import type { Transaction } from '@frontdesk/store';
import type { Conversation, HandoffTicket, Memory, Message, Reply } from './conversation.js';
import { conversationColumns, toConversation, type ConversationRow } from './conversation.store.js';

/** What a turn keeps beside its message. */
export type StoredReply = Pick<Reply, 'reading' | 'degraded' | 'handoff' | 'timings'>;

export interface Answer extends Omit<StoredReply, 'handoff'> {
  readonly turnId: string;
  readonly text: string;
  readonly kind: NonNullable<Message['kind']>;
  readonly sources: Message['sources'];
  readonly memory: Memory;
  /** The person this turn asks for, if nobody was asked for yet. */
  readonly ticket: HandoffTicket | null;
}

/** Appends the customer's message and begins its turn; undefined when there is no such open conversation. */
export async function beginTurn(
  tx: Transaction,
  id: string,
  message: { turnId: string; text: string; clientMessageId: string | undefined },
): Promise<{ conversation: Conversation; message: Message } | undefined> {
  const rows = await tx.query<ConversationRow & { message_created_at: Date }>(
    `WITH head AS (
       UPDATE conversations SET last_seq = last_seq + 1, fence = fence + 1
       WHERE id = $1 AND status <> 'closed' RETURNING ${conversationColumns}
     ), turn AS (
       INSERT INTO turns (id, conversation_id) SELECT $2, id FROM head
     ), message AS (
       INSERT INTO messages (conversation_id, seq, role, text, turn_id, client_message_id)
       SELECT id, last_seq, 'customer', $3, $2, $4 FROM head RETURNING created_at
     )
     SELECT head.*, message.created_at AS message_created_at FROM head, message`,
    [id, message.turnId, message.text, message.clientMessageId ?? null],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    conversation: toConversation(row),
    message: {
      ...message,
      seq: row.last_seq,
      role: 'customer',
      createdAt: row.message_created_at,
      sources: [],
      degraded: false,
    },
  };
}

/**
 * Appends the bot's message, ends its turn and remembers, if and only if the fence still stands and the bot still owns
 * the conversation; undefined otherwise, and then nothing is written. Status and handoff are those of this moment, for
 * a person may have been asked for while the turn ran; gives the handoff that is under way now.
 */
export async function endTurn(
  tx: Transaction,
  { id, fence }: Pick<Conversation, 'id' | 'fence'>,
  { turnId, text, kind, sources, degraded, reading, timings, memory, ticket }: Answer,
): Promise<{ message: Message; handoff: HandoffTicket | null } | undefined> {
  const rows = await tx.query<{ seq: number; created_at: Date; handoff: HandoffTicket | null }>(
    `WITH head AS (
       UPDATE conversations SET last_seq = last_seq + 1, memory = $3,
         handoff = CASE WHEN status = 'open' AND $4::jsonb IS NOT NULL THEN $4 ELSE handoff END,
         status = CASE WHEN status = 'open' AND $4::jsonb IS NOT NULL THEN 'waiting' ELSE status END
       WHERE id = $1 AND fence = $2 AND status IN ('open', 'waiting')
       RETURNING id, last_seq, CASE WHEN status = 'waiting' THEN handoff END AS handoff
     ), turn AS (
       UPDATE turns SET reply = $5::jsonb || jsonb_build_object('handoff', head.handoff)
       FROM head WHERE turns.id = $6
     ), message AS (
       INSERT INTO messages (conversation_id, seq, role, text, turn_id, kind, sources, degraded)
       SELECT id, last_seq, 'bot', $7, $6, $8, $9, $10 FROM head RETURNING seq, created_at
     )
     SELECT message.seq, message.created_at, head.handoff FROM head, message`,
    [
      id,
      fence,
      JSON.stringify(memory),
      ticket && JSON.stringify(ticket),
      JSON.stringify({ reading, degraded, timings }),
      turnId,
      text,
      kind,
      JSON.stringify(sources),
      degraded,
    ],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    message: { seq: row.seq, role: 'bot', text, createdAt: row.created_at, turnId, kind, sources, degraded },
    handoff: row.handoff,
  };
}

/** Ends a turn without a message of the bot's, because a person answers. */
export async function endTurnSilently(
  tx: Transaction,
  turnId: string,
  handoff: HandoffTicket | null,
): Promise<StoredReply> {
  const silent = { reading: null, degraded: false, handoff, timings: {} };
  await tx.query('UPDATE turns SET reply = $2 WHERE id = $1', [turnId, JSON.stringify(silent)]);
  return silent;
}

/** The turn of the newest customer message, if it has no end yet. */
export async function selectUnendedTurn(
  tx: Transaction,
  conversationId: string,
): Promise<string | undefined> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM turns WHERE reply IS NULL AND id =
       (SELECT turn_id FROM messages WHERE conversation_id = $1 AND role = 'customer' ORDER BY seq DESC LIMIT 1)`,
    [conversationId],
  );
  return rows[0]?.id;
}

/** Undefined while the turn runs, and for ever when a newer message took over. */
export async function selectReply(tx: Transaction, turnId: string): Promise<StoredReply | undefined> {
  const rows = await tx.query<{ reply: StoredReply | null }>('SELECT reply FROM turns WHERE id = $1', [
    turnId,
  ]);
  return rows[0]?.reply ?? undefined;
}
