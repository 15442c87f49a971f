/** Handoffs and agents as JSON, for the agent's desk. */
import {
  AgentStatus,
  type Agent,
  type Handoff,
  type WatchAgentResponse,
} from '@frontdesk/contracts/handoff/v1/handoff_service';
import { z } from 'zod';
import { handoffStatuses, handoffStatusOf, messageOf, timeOf } from '../conversations/conversation.json.js';
import type { StreamEvent } from '../event-stream.js';
import { time } from '../schemas.js';

export const agentStatuses = ['online', 'away', 'offline'] as const;

export const agentSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(agentStatuses),
    skills: z.array(z.string()),
    languages: z.array(z.string()),
    capacity: z.int(),
    active: z.int().describe('Conversations they have now.'),
  })
  .meta({ id: 'Agent' });

export const handoffSchema = z
  .strictObject({
    id: z.string(),
    conversationId: z.string(),
    status: z.enum(handoffStatuses),
    reason: z.string(),
    skill: z.string(),
    language: z.string(),
    priority: z.int().describe('Larger first.'),
    position: z.int().describe('Place in the queue, from 1; 0 when not waiting.'),
    customer: z.strictObject({
      id: z.string(),
      name: z.string(),
      attributes: z.record(z.string(), z.string()),
    }),
    summary: z.string(),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    createdAt: time,
    acceptedAt: time.nullable(),
  })
  .meta({ id: 'Handoff' });

export type AgentJson = z.output<typeof agentSchema>;
export type HandoffJson = z.output<typeof handoffSchema>;

const statusNames: Readonly<Record<AgentStatus, AgentJson['status']>> = {
  [AgentStatus.UNSPECIFIED]: 'offline',
  [AgentStatus.ONLINE]: 'online',
  [AgentStatus.AWAY]: 'away',
  [AgentStatus.OFFLINE]: 'offline',
};

export const toAgentStatus = {
  online: AgentStatus.ONLINE,
  away: AgentStatus.AWAY,
  offline: AgentStatus.OFFLINE,
} as const;

export function agentOf({ id, name, status, skills, languages, capacity, active }: Agent): AgentJson {
  return { id, name, status: statusNames[status], skills, languages, capacity, active };
}

export function handoffOf(handoff: Handoff): HandoffJson {
  const { id, conversationId, reason, skill, language, priority, position, summary } = handoff;
  const { customer, agentId, agentName, createdAt, acceptedAt } = handoff;
  return {
    id,
    conversationId,
    status: handoffStatusOf(handoff.state),
    reason,
    skill,
    language,
    priority,
    position,
    customer: {
      id: customer?.id ?? '',
      name: customer?.name ?? '',
      attributes: customer?.attributes ?? {},
    },
    summary,
    ...(agentId && { agentId }),
    ...(agentName && { agentName }),
    createdAt: timeOf(createdAt),
    acceptedAt: acceptedAt ? timeOf(acceptedAt) : null,
  };
}

export const deskEventNames = ['handoff', 'message', 'error'] as const;

/** What an agent's desk must show; undefined for what this version does not know. */
export function deskEventOf({ event }: WatchAgentResponse): StreamEvent | undefined {
  switch (event.case) {
    case 'handoff':
      return { type: 'handoff', data: handoffOf(event.value) };
    case 'customerWrote': {
      const { handoffId, conversationId, message } = event.value;
      return { type: 'message', data: { handoffId, conversationId, message: messageOf(message!) } };
    }
    default:
      return undefined;
  }
}
