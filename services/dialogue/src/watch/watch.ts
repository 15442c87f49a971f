/**
 * Follows a conversation: the log after a position, then everything new, each message once and in order. Notices only
 * wake it up; what is delivered is read from the log, so a lost notice costs time and never a message.
 */
import { Injectable } from '@nestjs/common';
import { requireTenant } from '@frontdesk/core';
import { ConversationLog } from '../conversation/conversation-log.js';
import type { HandoffTicket, Message, Role } from '../conversation/conversation.js';
import { LiveConversations } from '../conversation/live-conversations.js';
import { dialogueMetrics } from '../metrics.js';

export type WatchEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'typing'; readonly role: Role }
  | { readonly type: 'handoff'; readonly ticket: HandoffTicket }
  | { readonly type: 'closed' };

/** Without a notice, how often the log is looked at all the same. */
const lookAgainMs = 5_000;
const pageSize = 100;

@Injectable()
export class Watch {
  constructor(
    private readonly log: ConversationLog,
    private readonly live: LiveConversations,
  ) {}

  /** Ends when the conversation is closed or `signal` aborts. Throws `not_found` at once for an unknown id. */
  async *follow(conversationId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    await this.log.get(conversationId);
    const bell = new Bell(signal);
    const typing: Role[] = [];
    const stop = await this.live
      .listen(requireTenant(), conversationId, (notice) => {
        // Nobody needs to know that somebody typed a while ago.
        if (notice.type === 'typing' && typing.length < 8) typing.push(notice.role);
        bell.ring();
      })
      .catch(() => async () => undefined);
    dialogueMetrics.watchers.inc();
    try {
      let seq = afterSeq;
      let told = '';
      while (!signal.aborted) {
        for (const role of typing.splice(0)) yield { type: 'typing', role };
        for (;;) {
          const page = await this.log.messages(conversationId, seq, pageSize);
          for (const message of page) yield { type: 'message', message };
          seq = page.at(-1)?.seq ?? seq;
          if (page.length < pageSize) break;
        }
        const { handoff, status } = await this.log.get(conversationId);
        if (handoff && fingerprint(handoff) !== told) {
          told = fingerprint(handoff);
          yield { type: 'handoff', ticket: handoff };
        }
        if (status === 'closed') return yield { type: 'closed' };
        await bell.wait(lookAgainMs);
      }
    } finally {
      dialogueMetrics.watchers.dec();
      void stop();
    }
  }
}

const fingerprint = (ticket: HandoffTicket): string =>
  `${ticket.id} ${ticket.state} ${ticket.position} ${ticket.agentId}`;

/** Wakes one sleeper; a ring while nobody sleeps is not lost. */
class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async wait(limitMs: number): Promise<void> {
    if (!this.rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, limitMs);
      });
      clearTimeout(timer);
    }
    this.rung = false;
    this.wake = undefined;
  }
}
