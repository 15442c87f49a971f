/** What one agent's desk shows, as it happens: handoffs the agent could take or has, and what their customers write. */
import { Injectable } from '@nestjs/common';
import { requireTenant } from '@frontdesk/core';
import { handoffMetrics } from '../metrics.js';
import { canTake, type Handoff } from '../queue/handoff.js';
import { HandoffQueue } from '../queue/handoff-queue.js';
import { Desks, type CustomerLine, type DeskNotice } from './desks.js';

export type DeskEvent =
  | { readonly type: 'handoff'; readonly handoff: Handoff }
  | { readonly type: 'wrote'; readonly line: CustomerLine };

/** A desk that reads slower than this loses the oldest notices, and shows the present state when it lists again. */
const maxBacklog = 1_000;
const listed = 200;

@Injectable()
export class Desk {
  constructor(
    private readonly queue: HandoffQueue,
    private readonly desks: Desks,
  ) {}

  /** First what stands now, then every change, until `signal` aborts. */
  async *follow(agentId: string, signal: AbortSignal): AsyncGenerator<DeskEvent> {
    const backlog: DeskNotice[] = [];
    let wake: () => void = () => undefined;
    const stop = await this.desks.listen(requireTenant(), (notice) => {
      backlog.push(notice);
      if (backlog.length > maxBacklog) backlog.shift();
      wake();
    });
    const leave = (): void => wake();
    signal.addEventListener('abort', leave, { once: true });
    handoffMetrics.desks.inc();
    try {
      const standing = [
        ...(await this.queue.activeOf(agentId, listed, 0)).handoffs,
        ...(await this.queue.waitingFor(agentId, listed, 0)).handoffs,
      ];
      const shown = new Set(standing.map((handoff) => handoff.id));
      for (const handoff of standing) yield { type: 'handoff', handoff };
      while (!signal.aborted) {
        const notice = backlog.shift();
        if (!notice) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        if (notice.type === 'wrote') {
          if (notice.line.agentId === agentId) yield notice;
          continue;
        }
        const handoff = await this.queue.find(notice.id);
        if (!handoff || !(await this.concerns(agentId, handoff, shown))) continue;
        shown.add(handoff.id);
        yield { type: 'handoff', handoff };
      }
    } finally {
      handoffMetrics.desks.dec();
      signal.removeEventListener('abort', leave);
      void stop();
    }
  }

  /** What a desk once showed it must also see leave. */
  private async concerns(agentId: string, handoff: Handoff, shown: ReadonlySet<string>): Promise<boolean> {
    if (shown.has(handoff.id) || handoff.agentId === agentId) return true;
    return handoff.state === 'waiting' && canTake(await this.queue.agent(agentId), handoff);
  }
}
