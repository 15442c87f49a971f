/** The words of `conversation.ts` ↔ messages on the wire. Names differ only in form, so most of it is renaming. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConversationStatus,
  HandoffState,
  type ConversationSchema,
  type HandoffTicketSchema,
  type MessageSchema,
  type ReplySchema,
  ReplyKind,
  Role,
} from '@frontdesk/contracts/common/v1/conversation';
import { type Understanding, UnderstandingSchema } from '@frontdesk/contracts/common/v1/understanding';
import type * as domain from '../conversation/conversation.js';

const roles = { customer: Role.CUSTOMER, bot: Role.BOT, agent: Role.AGENT, system: Role.SYSTEM } as const;

const kinds = {
  flow: ReplyKind.FLOW,
  faq: ReplyKind.FAQ,
  generated: ReplyKind.GENERATED,
  cached: ReplyKind.CACHED,
  clarify: ReplyKind.CLARIFY,
  fallback: ReplyKind.FALLBACK,
  soothing: ReplyKind.SOOTHING,
  handoff: ReplyKind.HANDOFF,
} as const;

const statuses = {
  open: ConversationStatus.OPEN,
  waiting: ConversationStatus.WAITING,
  with_agent: ConversationStatus.WITH_AGENT,
  closed: ConversationStatus.CLOSED,
} as const;

const handoffStates = {
  waiting: HandoffState.WAITING,
  active: HandoffState.ACTIVE,
  returned: HandoffState.RETURNED,
  closed: HandoffState.CLOSED,
} as const;

export const toWireRole = (role: domain.Role): Role => roles[role];

export function toWireConversation(
  conversation: domain.Conversation,
): MessageInitShape<typeof ConversationSchema> {
  const { id, bot, channel, locale, customer, status, createdAt, handoff } = conversation;
  return {
    id,
    bot,
    channel,
    locale,
    customer: { id: customer.id, name: customer.name, attributes: { ...customer.attributes } },
    status: statuses[status],
    createdAt: timestampFromDate(createdAt),
    ...(handoff && { handoff: toWireTicket(handoff) }),
  };
}

export function toWireTicket({
  id,
  position,
  reason,
  state,
  agentName,
}: domain.HandoffTicket): MessageInitShape<typeof HandoffTicketSchema> {
  return { id, position, reason, state: handoffStates[state], agentName };
}

export function toWireMessage(message: domain.Message): MessageInitShape<typeof MessageSchema> {
  return {
    seq: BigInt(message.seq),
    role: roles[message.role],
    text: message.text,
    createdAt: timestampFromDate(message.createdAt),
    turnId: message.turnId ?? '',
    clientMessageId: message.clientMessageId ?? '',
    kind: message.kind ? kinds[message.kind] : ReplyKind.UNSPECIFIED,
    sources: message.sources.map((source) => ({ ...source })),
    agentId: message.agentId ?? '',
    degraded: message.degraded,
  };
}

export function toWireReading(reading: domain.Reading): Understanding {
  return create(UnderstandingSchema, {
    language: reading.language,
    intent: reading.intent,
    intentPath: [...reading.intentPath],
    alternatives: [...reading.alternatives],
    emotion: reading.emotion,
    sentiment: reading.sentiment,
    entities: [...reading.entities],
    requests: [...reading.requests],
    model: reading.model,
    tier: reading.tier,
    ...(reading.mood && { mood: reading.mood }),
  });
}

export function fromWireReading(understanding: Understanding): domain.Reading {
  const { language, intent, intentPath, alternatives, emotion, sentiment, entities, requests, model, tier } =
    understanding;
  const label = (given: { name: string; confidence: number } | undefined, absent: string): domain.Label =>
    given ? { name: given.name, confidence: given.confidence } : { name: absent, confidence: 0 };
  return {
    language,
    intent: label(intent, 'out_of_scope'),
    intentPath,
    alternatives: alternatives.map((alternative) => label(alternative, 'out_of_scope')),
    emotion: label(emotion, 'neutral'),
    sentiment,
    entities: entities.map(({ type, value, text, start, end }) => ({ type, value, text, start, end })),
    requests: requests.map((clause) => ({
      intent: label(clause.intent, 'out_of_scope'),
      start: clause.start,
      end: clause.end,
    })),
    model,
    tier,
  };
}

export function toWireReply(reply: domain.Reply): MessageInitShape<typeof ReplySchema> {
  return {
    conversationId: reply.conversationId,
    turnId: reply.turnId,
    ...(reply.message && { message: toWireMessage(reply.message) }),
    ...(reply.reading && { understanding: toWireReading(reply.reading) }),
    degraded: reply.degraded,
    ...(reply.handoff && { handoff: toWireTicket(reply.handoff) }),
    timings: { ...reply.timings },
  };
}
