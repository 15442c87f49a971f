/** What happens in a conversation, as events for those who watch it. */
import type { WatchEvent } from '../../rpc/follow.js';
import { AppError } from '@frontdesk/core';
import type { StreamEvent } from '../event-stream.js';
import { messageOf, roleOf, ticketOf } from './conversation.json.js';

export const watchEventNames = ['message', 'typing', 'handoff', 'error', 'done'] as const;

export function watchEventOf(event: WatchEvent): StreamEvent {
  switch (event.case) {
    case 'message':
      return { type: 'message', id: String(event.value.seq), data: messageOf(event.value) };
    case 'typing':
      return { type: 'typing', data: { role: roleOf(event.value.role) } };
    case 'handoff':
      return { type: 'handoff', data: ticketOf(event.value) };
    case 'closed':
      return { type: 'done', data: { reason: 'closed' } };
  }
}

/** The position in the log after which to go on; ids of a turn's events count as the message before them. */
export function positionOf(lastEventId: string | undefined): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  const seq = /^(\d{1,15})(\.\d{1,9})?$/.exec(lastEventId)?.[1];
  if (seq === undefined) {
    const message = 'must be the id of an event of this conversation';
    throw new AppError('invalid_argument', `Last-Event-ID ${message}.`, {
      fields: [{ field: 'Last-Event-ID', message }],
    });
  }
  return Number(seq);
}
