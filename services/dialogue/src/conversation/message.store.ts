/** Rows of `messages` ↔ the entries of a log. Written once and never changed. */
import type { Transaction } from '@frontdesk/store';
import type { Message, ReplyKind, Role, Source } from './conversation.js';

interface MessageRow {
  seq: number;
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

const messageColumns =
  'seq, role, text, turn_id, client_message_id, kind, sources, agent_id, degraded, created_at';

/** Appends a message outside a turn, by an agent or by the mesh. */
export async function appendMessage(
  tx: Transaction,
  conversationId: string,
  message: {
    role: 'agent' | 'system';
    text: string;
    agentId?: string;
    clientMessageId?: string | undefined;
  },
): Promise<Message> {
  const rows = await tx.query<MessageRow>(
    `WITH head AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq)
     INSERT INTO messages (conversation_id, seq, role, text, client_message_id, agent_id)
     SELECT id, last_seq, $2, $3, $4, $5 FROM head RETURNING ${messageColumns}`,
    [conversationId, message.role, message.text, message.clientMessageId ?? null, message.agentId ?? null],
  );
  return toMessage(rows[0]!);
}

/** In order of seq. */
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

/** What the bot said in a turn. */
export async function selectAnswer(
  tx: Transaction,
  conversationId: string,
  turnId: string,
): Promise<Message | undefined> {
  const rows = await tx.query<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND turn_id = $2 AND role = 'bot'`,
    [conversationId, turnId],
  );
  return rows[0] && toMessage(rows[0]);
}

/** Whether no customer message came after this one. */
export async function isNewestCustomerMessage(
  tx: Transaction,
  conversationId: string,
  seq: number,
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM messages WHERE conversation_id = $1 AND seq > $2 AND role = 'customer' LIMIT 1`,
    [conversationId, seq],
  );
  return rows.length === 0;
}

function toMessage(row: MessageRow): Message {
  return {
    seq: row.seq,
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
