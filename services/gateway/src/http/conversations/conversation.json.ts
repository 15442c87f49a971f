/** The words of a conversation as JSON: schemas for the document and the tests, and the translation from the wire. */
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  ConversationStatus,
  HandoffState,
  ReplyKind,
  Role,
  type Conversation,
  type HandoffTicket,
  type Message,
  type Reply,
} from '@frontdesk/contracts/common/v1/conversation';
import { z } from 'zod';
import { time } from '../schemas.js';
import { understandingOf, understandingSchema } from '../understanding.json.js';

export const roles = ['customer', 'bot', 'agent', 'system'] as const;
const kinds = ['flow', 'faq', 'generated', 'cached', 'clarify', 'fallback', 'soothing', 'handoff'] as const;
const statuses = ['open', 'waiting', 'with_agent', 'closed'] as const;
export const handoffStatuses = ['waiting', 'active', 'returned', 'closed'] as const;

export const handoffTicketSchema = z
  .strictObject({
    id: z.string(),
    position: z.int().describe('Place in the queue, from 1; 0 when unknown, or the wait is over.'),
    reason: z.string(),
    status: z.enum(handoffStatuses),
    agentName: z.string().optional(),
  })
  .meta({ id: 'HandoffTicket' });

export const conversationSchema = z
  .strictObject({
    id: z.string(),
    bot: z.string(),
    channel: z.string(),
    locale: z.string(),
    status: z.enum(statuses),
    createdAt: time,
    handoff: handoffTicketSchema.nullable(),
  })
  .meta({ id: 'Conversation' });

export const messageSchema = z
  .strictObject({
    seq: z.int().describe('Position in the log, from 1, without gaps.'),
    role: z.enum(roles),
    text: z.string(),
    createdAt: time,
    turnId: z.string().optional(),
    clientMessageId: z.string().optional(),
    kind: z.enum(kinds).optional().describe("How a bot's reply came to be."),
    sources: z
      .array(
        z.strictObject({ id: z.string(), title: z.string(), score: z.number(), url: z.string().optional() }),
      )
      .optional()
      .describe("What a bot's answer rests on."),
    agentId: z.string().optional(),
    degraded: z.boolean().optional().describe('A lower rung than usual answered.'),
  })
  .meta({ id: 'Message' });

export const replySchema = z
  .strictObject({
    conversationId: z.string(),
    turnId: z.string(),
    message: messageSchema.nullable().describe('Null when a person answers instead of the bot.'),
    understanding: understandingSchema.nullable(),
    degraded: z.boolean().describe('A lower rung than usual answered, because something was down or slow.'),
    handoff: handoffTicketSchema.nullable(),
    timings: z.record(z.string(), z.number()).describe('Milliseconds by step; `totalMs` for the whole.'),
  })
  .meta({ id: 'Reply' });

export type ConversationJson = z.output<typeof conversationSchema>;
export type MessageJson = z.output<typeof messageSchema>;
export type ReplyJson = z.output<typeof replySchema>;
export type HandoffTicketJson = z.output<typeof handoffTicketSchema>;

const roleNames: Readonly<Record<Role, MessageJson['role']>> = {
  [Role.UNSPECIFIED]: 'system',
  [Role.CUSTOMER]: 'customer',
  [Role.BOT]: 'bot',
  [Role.AGENT]: 'agent',
  [Role.SYSTEM]: 'system',
};
const kindNames: Readonly<Record<ReplyKind, MessageJson['kind']>> = {
  [ReplyKind.UNSPECIFIED]: undefined,
  [ReplyKind.FLOW]: 'flow',
  [ReplyKind.FAQ]: 'faq',
  [ReplyKind.GENERATED]: 'generated',
  [ReplyKind.CACHED]: 'cached',
  [ReplyKind.CLARIFY]: 'clarify',
  [ReplyKind.FALLBACK]: 'fallback',
  [ReplyKind.SOOTHING]: 'soothing',
  [ReplyKind.HANDOFF]: 'handoff',
};
const statusNames: Readonly<Record<ConversationStatus, ConversationJson['status']>> = {
  [ConversationStatus.UNSPECIFIED]: 'open',
  [ConversationStatus.OPEN]: 'open',
  [ConversationStatus.WAITING]: 'waiting',
  [ConversationStatus.WITH_AGENT]: 'with_agent',
  [ConversationStatus.CLOSED]: 'closed',
};
const handoffStatusNames: Readonly<Record<HandoffState, HandoffTicketJson['status']>> = {
  [HandoffState.UNSPECIFIED]: 'waiting',
  [HandoffState.WAITING]: 'waiting',
  [HandoffState.ACTIVE]: 'active',
  [HandoffState.RETURNED]: 'returned',
  [HandoffState.CLOSED]: 'closed',
};

export const roleOf = (role: Role): MessageJson['role'] => roleNames[role];
export const handoffStatusOf = (state: HandoffState): HandoffTicketJson['status'] =>
  handoffStatusNames[state];
export const timeOf = (timestamp: Timestamp | undefined): string =>
  timestamp ? timestampDate(timestamp).toISOString() : new Date(0).toISOString();

export function conversationOf(conversation: Conversation): ConversationJson {
  const { id, bot, channel, locale, status, createdAt, handoff } = conversation;
  return {
    id,
    bot,
    channel,
    locale,
    status: statusNames[status],
    createdAt: timeOf(createdAt),
    handoff: handoff ? ticketOf(handoff) : null,
  };
}

export function ticketOf({ id, position, reason, state, agentName }: HandoffTicket): HandoffTicketJson {
  return { id, position, reason, status: handoffStatusOf(state), ...(agentName && { agentName }) };
}

export function messageOf(message: Message): MessageJson {
  const { turnId, clientMessageId, agentId, degraded } = message;
  const kind = kindNames[message.kind];
  return {
    seq: Number(message.seq),
    role: roleNames[message.role],
    text: message.text,
    ...(kind && {
      kind,
      sources: message.sources.map(({ id, title, score, url }) => ({
        id,
        title,
        score,
        ...(url && { url }),
      })),
    }),
    createdAt: timeOf(message.createdAt),
    ...(turnId && { turnId }),
    ...(clientMessageId && { clientMessageId }),
    ...(agentId && { agentId }),
    ...(degraded && { degraded }),
  };
}

export function replyOf(reply: Reply): ReplyJson {
  const { conversationId, turnId, message, understanding, degraded, handoff, timings } = reply;
  return {
    conversationId,
    turnId,
    message: message ? messageOf(message) : null,
    understanding: understanding ? understandingOf(understanding) : null,
    degraded,
    handoff: handoff ? ticketOf(handoff) : null,
    timings,
  };
}
