import { AppError } from '@frontdesk/core';
import type { Conversation, Message } from './conversation.js';

/** Throws `not_found`, the same for an unknown id and for another tenant's. */
export function found(conversation: Conversation | undefined): Conversation {
  if (!conversation) throw new AppError('not_found', 'There is no such conversation.');
  return conversation;
}

/** Throws `not_found`, or `failed_precondition` for a closed conversation. */
export function stillOpen(conversation: Conversation | undefined): Conversation {
  const open = found(conversation);
  if (open.status === 'closed')
    throw new AppError('failed_precondition', 'This conversation is closed: open a new one.');
  return open;
}

/** The message that has this client id. Throws `already_exists` when it says, or is by, somebody else. */
export function sameMessage(known: Message, { text, agentId }: Pick<Message, 'text' | 'agentId'>): Message {
  if (known.text === text && known.agentId === agentId) return known;
  throw new AppError(
    'already_exists',
    'This clientMessageId was used for another text: take a new one for each message.',
  );
}
