/** Tells the desks, in every process, what changed. Notices may be lost; a desk can always list again. */
import { Injectable } from '@nestjs/common';
import { KeyValue } from '@frontdesk/store';

/** A customer's words on their way to the desk that has the conversation. */
export interface CustomerLine {
  readonly handoffId: string;
  readonly conversationId: string;
  readonly agentId: string;
  readonly seq: number;
  readonly text: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

export type DeskNotice =
  { readonly type: 'handoff'; readonly id: string } | { readonly type: 'wrote'; readonly line: CustomerLine };

@Injectable()
export class Desks {
  constructor(private readonly keyValue: KeyValue) {}

  handoffChanged(tenantId: string, id: string): void {
    this.send(tenantId, { type: 'handoff', id });
  }

  customerWrote(tenantId: string, line: CustomerLine): void {
    this.send(tenantId, { type: 'wrote', line });
  }

  /** Resolves when notices flow; call the result to end it. */
  listen(tenantId: string, listener: (notice: DeskNotice) => void): Promise<() => Promise<void>> {
    return this.keyValue.subscribe(channel(tenantId), (payload) =>
      listener(JSON.parse(payload) as DeskNotice),
    );
  }

  private send(tenantId: string, notice: DeskNotice): void {
    this.keyValue.notify(channel(tenantId), JSON.stringify(notice)).catch(() => undefined);
  }
}

const channel = (tenantId: string): string => `desks:${tenantId}`;
