/** Events between services: how long effects take, and what still waits in the outboxes. */
import { Gauge } from 'prom-client';
import { metrics } from './metrics.js';

interface Pending {
  readonly count: number;
  readonly oldestSeconds: number;
  readonly parked: number;
}

/** Asks every outbox of the process when a scrape comes, so that a scaler sees the backlog as it is. */
class WaitingEvents {
  private readonly outboxes = new Map<string, () => Promise<Pending>>();

  constructor() {
    const labelNames = ['service'] as const;
    const oldest = new Gauge({
      name: 'frontdesk_events_outbox_oldest_seconds',
      help: 'Age of the oldest event that waits to be published.',
      labelNames,
    });
    const parked = new Gauge({
      name: 'frontdesk_events_outbox_parked',
      help: 'Events that can never be published and were set aside.',
      labelNames,
    });
    const { outboxes } = this;
    new Gauge({
      name: 'frontdesk_events_outbox_waiting',
      help: 'Events that wait to be published.',
      labelNames,
      async collect() {
        for (const [service, pending] of outboxes) {
          const now = await pending().catch(() => undefined);
          if (!now) continue;
          this.set({ service }, now.count);
          oldest.set({ service }, now.oldestSeconds);
          parked.set({ service }, now.parked);
        }
      },
    });
  }

  watch(service: string, pending: () => Promise<Pending>): void {
    this.outboxes.set(service, pending);
  }

  forget(service: string): void {
    this.outboxes.delete(service);
  }
}

export const eventMetrics = {
  ...metrics('events', (m) => ({
    seconds: m.histogram('consume_seconds', 'From the record in hand to its committed effect.', [
      'service',
      'topic',
      'outcome',
    ]),
  })),
  waiting: new WaitingEvents(),
};
