/**
 * Tells whoever looks at a conversation, in any process, that it changed. Notices may be lost: a watcher reads the
 * log itself, and looks again after a while even without a notice.
 */
import { Injectable } from '@nestjs/common';
import { KeyValue, type Transaction } from '@frontdesk/store';
import type { Conversation, Role } from './conversation.js';

/** `fence` tells a running turn at once that it has been overtaken. */
export type Notice =
  { readonly type: 'changed'; readonly fence: number } | { readonly type: 'typing'; readonly role: Role };

@Injectable()
export class LiveConversations {
  constructor(private readonly keyValue: KeyValue) {}

  /** Tells, once `tx` has committed, that the log or the head changed. */
  changedBy(tx: Transaction, { id, fence }: Pick<Conversation, 'id' | 'fence'>): void {
    const tenantId = tx.tenantId!;
    tx.afterCommit(() => this.send(tenantId, id, { type: 'changed', fence }));
  }

  typing(tenantId: string, conversationId: string, role: Role): void {
    this.send(tenantId, conversationId, { type: 'typing', role });
  }

  /**
   * Calls `listener` with each notice until the result is called, and once at the start when notices have begun to
   * flow. Never throws and waits for nothing: where they cannot flow, the listener hears none.
   */
  listen(tenantId: string, conversationId: string, listener: (notice: Notice) => void): () => void {
    let ended = false;
    const hear = (notice: Notice): void => {
      if (!ended) listener(notice);
    };
    const subscribed = this.keyValue.subscribe(channel(tenantId, conversationId), (payload) =>
      hear(JSON.parse(payload) as Notice),
    );
    subscribed.then(
      () => hear({ type: 'changed', fence: 0 }),
      () => undefined,
    );
    return () => {
      ended = true;
      subscribed.then((stop) => stop()).catch(() => undefined);
    };
  }

  private send(tenantId: string, conversationId: string, notice: Notice): void {
    this.keyValue.notify(channel(tenantId, conversationId), JSON.stringify(notice)).catch(() => undefined);
  }
}

const channel = (tenantId: string, conversationId: string): string =>
  `conversation:${tenantId}:${conversationId}`;
