/**
 * Rows of conversations, messages and turns ↔ the words of `conversation.ts`. Each function is one statement of a
 * transaction that `conversation-log.ts` composes. Row-level security adds the tenant to every one of them.
 */
import type { Transaction } from '@frontdesk/store';
import type {
  Conversation,
  ConversationStatus,
  HandoffTicket,
  Memory,
  Message,
  Reading,
  Reply,
  ReplyKind,
  Role,
  Source,
} from './conversation.js';

interface ConversationRow {
  id: string;
  bot: string;
  channel: string;
  locale: string;
  customer: Conversation['customer'];
  status: ConversationStatus;
  fence: string;
  last_seq: string;
  memory: Memory;
  handoff: HandoffTicket | null;
  created_at: Date;
}

interface MessageRow {
  seq: string;
  role: Role;
  text: string;
  turn_id: string | null;
  client_message_id: string | null;
  kind: ReplyKind | null;
  sources: Source[] | null;
  agent_id: string | null;
  degraded: boolean;
  created_at: Date;
}

/** What a turn keeps beside its message. */
export type StoredReply = Pick<Reply, 'degraded' | 'handoff' | 'timings'> & {
  readonly reading: Reading | null;
};

export type NewMessage = Omit<Message, 'seq' | 'createdAt'>;

const conversationColumns =
  'id, bot, channel, locale, customer, status, fence, last_seq, memory, handoff, created_at';
const messageColumns =
  'seq, role, text, turn_id, client_message_id, kind, sources, agent_id, degraded, created_at';

export async function insertConversation(
  tx: Transaction,
  conversation: Omit<Conversation, 'fence' | 'createdAt'>,
): Promise<Conversation | undefined> {
  const rows = await tx.query<ConversationRow>(
    `INSERT INTO conversations (id, bot, channel, locale, customer, status, memory)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${conversationColumns}`,
    [
      conversation.id,
      conversation.bot,
      conversation.channel,
      conversation.locale,
      JSON.stringify(conversation.customer),
      conversation.status,
      JSON.stringify(conversation.memory),
    ],
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
    `SELECT ${conversationColumns} FROM conversations WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return rows[0] && toConversation(rows[0]);
}

export async function updateHead(
  tx: Transaction,
  id: string,
  change: { status: ConversationStatus; handoff: HandoffTicket | null; memory: Memory; raiseFence: boolean },
): Promise<Conversation> {
  const rows = await tx.query<ConversationRow>(
    `UPDATE conversations SET status = $2, handoff = $3, memory = $4, fence = fence + $5 WHERE id = $1 RETURNING ${conversationColumns}`,
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
       INSERT INTO turns (id, conversation_id, message_seq) SELECT $2, id, last_seq FROM head
     ), message AS (
       INSERT INTO messages (conversation_id, seq, role, text, turn_id, client_message_id)
       SELECT id, last_seq, 'customer', $3, $2, $4 FROM head RETURNING created_at
     )
     SELECT head.*, message.created_at AS message_created_at FROM head, message`,
    [id, message.turnId, message.text, message.clientMessageId ?? null],
  );
  const row = rows[0];
  return (
    row && {
      conversation: toConversation(row),
      message: {
        seq: Number(row.last_seq),
        role: 'customer',
        text: message.text,
        createdAt: row.message_created_at,
        turnId: message.turnId,
        clientMessageId: message.clientMessageId,
        sources: [],
        degraded: false,
      },
    }
  );
}

/**
 * Appends the bot's message, ends its turn and sets the head, if and only if the fence still stands and the bot
 * still owns the conversation; undefined otherwise, and then nothing is written.
 */
export async function endTurn(
  tx: Transaction,
  conversation: Conversation,
  message: NewMessage & { turnId: string },
  head: { status: ConversationStatus; memory: Memory; handoff: HandoffTicket | null },
  reply: StoredReply,
): Promise<Message | undefined> {
  const rows = await tx.query<{ seq: string; created_at: Date }>(
    `WITH head AS (
       UPDATE conversations SET last_seq = last_seq + 1, status = $3, memory = $4, handoff = $5
       WHERE id = $1 AND fence = $2 AND status IN ('open', 'waiting') RETURNING id, last_seq
     ), turn AS (
       UPDATE turns SET reply = $6 FROM head WHERE turns.id = $7
     )
     INSERT INTO messages (conversation_id, seq, role, text, turn_id, kind, sources, degraded)
     SELECT id, last_seq, 'bot', $8, $7, $9, $10, $11 FROM head RETURNING seq, created_at`,
    [
      conversation.id,
      conversation.fence,
      head.status,
      JSON.stringify(head.memory),
      head.handoff && JSON.stringify(head.handoff),
      JSON.stringify(reply),
      message.turnId,
      message.text,
      message.kind ?? null,
      JSON.stringify(message.sources),
      message.degraded,
    ],
  );
  const row = rows[0];
  return row && { ...message, seq: Number(row.seq), createdAt: row.created_at };
}

/** Ends a turn that has no message of the bot's, because a person answers. */
export async function endSilentTurn(tx: Transaction, turnId: string, reply: StoredReply): Promise<void> {
  await tx.query(`UPDATE turns SET reply = $2 WHERE id = $1`, [turnId, JSON.stringify(reply)]);
}

/** Appends a message outside a turn, by an agent or by the mesh. */
export async function appendMessage(
  tx: Transaction,
  conversationId: string,
  message: NewMessage,
): Promise<Message> {
  const rows = await tx.query<MessageRow>(
    `WITH head AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq)
     INSERT INTO messages (conversation_id, seq, role, text, client_message_id, agent_id)
     SELECT id, last_seq, $2, $3, $4, $5 FROM head RETURNING ${messageColumns}`,
    [conversationId, message.role, message.text, message.clientMessageId ?? null, message.agentId ?? null],
  );
  return toMessage(rows[0]!);
}

export async function selectMessages(
  tx: Transaction,
  conversationId: string,
  afterSeq: number,
  limit: number,
): Promise<Message[]> {
  const rows = await tx.query<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [conversationId, afterSeq, limit],
  );
  return rows.map(toMessage);
}

/** The newest messages before `beforeSeq`, oldest first. */
export async function selectHistory(
  tx: Transaction,
  conversationId: string,
  beforeSeq: number,
  limit: number,
): Promise<Message[]> {
  const rows = await tx.query<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`,
    [conversationId, beforeSeq, limit],
  );
  return rows.map(toMessage).reverse();
}

export async function selectByClientId(
  tx: Transaction,
  conversationId: string,
  role: Role,
  clientMessageId: string,
): Promise<Message | undefined> {
  const rows = await tx.query<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND role = $2 AND client_message_id = $3`,
    [conversationId, role, clientMessageId],
  );
  return rows[0] && toMessage(rows[0]);
}

/** The stored end of a turn; `undefined` while it is open. */
export async function selectReply(
  tx: Transaction,
  conversationId: string,
  turnId: string,
): Promise<Reply | undefined> {
  const turns = await tx.query<{ reply: StoredReply | null }>('SELECT reply FROM turns WHERE id = $1', [
    turnId,
  ]);
  const stored = turns[0]?.reply;
  if (!stored) return undefined;
  const messages = await tx.query<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND turn_id = $2 AND role = 'bot'`,
    [conversationId, turnId],
  );
  return { conversationId, turnId, message: messages[0] ? toMessage(messages[0]) : null, ...stored };
}

/** Whether no customer message came after this one. */
export async function isNewestCustomerMessage(
  tx: Transaction,
  conversationId: string,
  seq: number,
): Promise<boolean> {
  const rows = await tx.query(
    'SELECT 1 FROM messages WHERE conversation_id = $1 AND seq > $2 AND role = $3 LIMIT 1',
    [conversationId, seq, 'customer'],
  );
  return rows.length === 0;
}

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

function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    bot: row.bot,
    channel: row.channel,
    locale: row.locale,
    customer: row.customer,
    status: row.status,
    fence: Number(row.fence),
    memory: row.memory,
    handoff: row.handoff,
    createdAt: row.created_at,
  };
}

function toMessage(row: MessageRow): Message {
  return {
    seq: Number(row.seq),
    role: row.role,
    text: row.text,
    createdAt: row.created_at,
    turnId: row.turn_id ?? undefined,
    clientMessageId: row.client_message_id ?? undefined,
    kind: row.kind ?? undefined,
    sources: row.sources ?? [],
    agentId: row.agent_id ?? undefined,
    degraded: row.degraded,
  };
}
