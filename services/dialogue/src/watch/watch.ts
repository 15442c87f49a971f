/**
 * Follows a conversation: the log after a position, then everything new, each message once and in order. Notices only
 * wake it up; what is delivered is read from the log, so a lost notice costs time and never a message.
 */
import { Injectable } from '@nestjs/common';
import { requireTenant } from '@frontdesk/core';
import { DialogueConfig } from '../config.js';
import { Bell } from '../conversation/bell.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import type { HandoffTicket, Message, Role } from '../conversation/conversation.js';
import { LiveConversations } from '../conversation/live-conversations.js';
import { dialogueMetrics } from '../metrics.js';

export type WatchEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'typing'; readonly role: Role }
  | { readonly type: 'handoff'; readonly ticket: HandoffTicket }
  | { readonly type: 'closed' };

const pageSize = 100;
/** Nobody needs to know that somebody typed a while ago. */
const typingKept = 8;

@Injectable()
export class Watch {
  constructor(
    private readonly log: ConversationLog,
    private readonly live: LiveConversations,
    private readonly config: DialogueConfig,
  ) {}

  /** Ends when the conversation is closed or `signal` aborts. Throws `not_found` at once for an unknown id. */
  async *follow(conversationId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const bell = new Bell();
    const typing: Role[] = [];
    let stale = true;
    const stop = this.live.listen(requireTenant(), conversationId, (notice) => {
      if (notice.type === 'changed') stale = true;
      else if (typing.length < typingKept) typing.push(notice.role);
      bell.ring();
    });
    signal.addEventListener('abort', () => bell.ring(), { once: true });
    dialogueMetrics.watchers.inc();
    try {
      let seq = afterSeq;
      let told = '';
      while (!signal.aborted) {
        for (const role of typing.splice(0)) yield { type: 'typing', role };
        if (stale) {
          stale = false;
          const { conversation, messages } = await this.log.read(conversationId, seq, pageSize);
          for (const message of messages) yield { type: 'message', message };
          seq = messages.at(-1)?.seq ?? seq;
          if (messages.length === pageSize) {
            stale = true;
            continue;
          }
          const { handoff, status } = conversation;
          if (handoff && fingerprint(handoff) !== told) {
            told = fingerprint(handoff);
            yield { type: 'handoff', ticket: handoff };
          }
          if (status === 'closed') return yield { type: 'closed' };
        }
        stale = !(await bell.wait(this.config.WATCH_POLL_MS)) || stale;
      }
    } finally {
      dialogueMetrics.watchers.dec();
      stop();
    }
  }
}

/** Of what a customer is told about it. */
const fingerprint = (ticket: HandoffTicket): string =>
  `${ticket.id} ${ticket.state} ${ticket.position} ${ticket.agentId}`;
