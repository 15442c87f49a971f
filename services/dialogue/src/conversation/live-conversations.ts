/**
 * Tells whoever looks at a conversation, in any process, that it changed. Notices may be lost: a watcher reads the
 * log itself, and looks again after a while even without a notice.
 */
import { Injectable } from '@nestjs/common';
import { KeyValue } from '@frontdesk/store';
import type { Role } from './conversation.js';

/** `fence` tells a running turn at once that it has been overtaken. */
export type Notice =
  { readonly type: 'changed'; readonly fence: number } | { readonly type: 'typing'; readonly role: Role };

@Injectable()
export class LiveConversations {
  constructor(private readonly keyValue: KeyValue) {}

  /** The log or the head changed. Never throws: the change is committed already. */
  changed(tenantId: string, conversationId: string, fence: number): void {
    this.send(tenantId, conversationId, { type: 'changed', fence });
  }

  typing(tenantId: string, conversationId: string, role: Role): void {
    this.send(tenantId, conversationId, { type: 'typing', role });
  }

  /** Resolves when notices flow; call the result to end it. */
  listen(
    tenantId: string,
    conversationId: string,
    listener: (notice: Notice) => void,
  ): Promise<() => Promise<void>> {
    return this.keyValue.subscribe(channel(tenantId, conversationId), (payload) =>
      listener(JSON.parse(payload) as Notice),
    );
  }

  private send(tenantId: string, conversationId: string, notice: Notice): void {
    this.keyValue.notify(channel(tenantId, conversationId), JSON.stringify(notice)).catch(() => undefined);
  }
}

const channel = (tenantId: string, conversationId: string): string =>
  `conversation:${tenantId}:${conversationId}`;
