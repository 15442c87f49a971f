/** What becomes of a conversation when the handoff service has decided something. Pure. */
import { newId } from '@frontdesk/core';
import { freshMemory, type Conversation, type HandoffReason, type HandoffTicket } from './conversation.js';
import type { HeadChange } from './conversation.store.js';

/** `revision` orders the changes of one handoff; `announcement` is what the customer is told. */
export type HandoffChange = { readonly handoffId: string; readonly revision: number } & (
  | { readonly state: 'queued'; readonly position: number }
  | {
      readonly state: 'accepted';
      readonly agentId: string;
      readonly agentName: string;
      readonly announcement: string;
    }
  | { readonly state: 'returned'; readonly announcement: string }
  | { readonly state: 'closed'; readonly announcement: string }
);

export function newTicket(reason: HandoffReason, position: number): HandoffTicket {
  return { id: newId(), reason, state: 'waiting', position, agentId: '', agentName: '', revision: 0 };
}

/** The ticket of a conversation that has ended. */
export function endedTicket(ticket: HandoffTicket): HandoffTicket {
  return ticket.state === 'returned' ? ticket : { ...ticket, state: 'closed', position: 0 };
}

/**
 * The head after a change; undefined when it changes nothing: the conversation is closed, has another handoff by now,
 * or knows something newer. An agent who comes raises the fence, so that nothing the bot still had in hand reaches the
 * customer; one who leaves need not, for nothing was begun meanwhile.
 */
export function headAfter(
  { status, handoff, memory }: Pick<Conversation, 'status' | 'handoff' | 'memory'>,
  change: HandoffChange,
): HeadChange | undefined {
  if (status === 'closed' || handoff?.id !== change.handoffId || handoff.revision >= change.revision)
    return undefined;
  const ticket = { ...handoff, revision: change.revision, position: 0 };
  switch (change.state) {
    case 'queued': {
      const { position } = change;
      const waiting = { ...ticket, state: 'waiting', position, agentId: '', agentName: '' } as const;
      return { status: 'waiting', handoff: waiting, memory, raiseFence: false };
    }
    case 'accepted': {
      const { agentId, agentName } = change;
      const active = { ...ticket, state: 'active', agentId, agentName } as const;
      return { status: 'with_agent', handoff: active, memory, raiseFence: true };
    }
    case 'returned':
      return {
        status: 'open',
        handoff: { ...ticket, state: 'returned' },
        memory: { ...freshMemory, language: memory.language },
        raiseFence: false,
      };
    case 'closed':
      return { status: 'closed', handoff: { ...ticket, state: 'closed' }, memory, raiseFence: true };
  }
}
