/**
 * Metrics of a service, declared once in its `metrics.ts`. Names become `frontdesk_<service>_<noun>_<unit>`;
 * dashboards, alerts and scalers are checked against them.
 */
import { Counter, Gauge, Histogram, collectDefaultMetrics, register } from 'prom-client';

/** Seconds, from an in-process hop to a slow generated answer. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30];

class MetricFactory {
  constructor(private readonly service: string) {}

  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name: this.full(name), help, labelNames });
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name: this.full(name), help, labelNames });
  }

  /** Seconds by default; pass buckets for another unit. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets = latencyBuckets,
  ): Histogram<Label> {
    return new Histogram({ name: this.full(name), help, labelNames, buckets });
  }

  private full(name: string): string {
    return `frontdesk_${this.service}_${name}`;
  }
}

export function metrics<Set>(service: string, declare: (factory: MetricFactory) => Set): Set {
  return declare(new MetricFactory(service));
}

/** The process's metrics in the Prometheus text format, with its content type. */
export async function renderMetrics(): Promise<{ contentType: string; body: string }> {
  return { contentType: register.contentType, body: await register.metrics() };
}

let collecting = false;

/** Adds memory, event loop and CPU of the process; once. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics();
}
