import { AppError } from '@frontdesk/core';
import type { EventBus, EventLog } from './event-bus.js';
import { InProcessEventBus } from './in-process.js';
import { KafkaEventBus } from './kafka.js';

/**
 * The scheme of the URL picks the adapter: `kafka://host:port,…`, `kafkas://user:password@host:port,…` (TLS), or
 * `memory:`. Does not wait for the broker. Throws `invalid_argument` for any other URL.
 */
export async function openEventBus(
  url: string,
  options: { readonly log?: EventLog } = {},
): Promise<EventBus> {
  if (url === 'memory:') return new InProcessEventBus(options.log);
  if (/^kafkas?:/.test(url)) return new KafkaEventBus(url, options.log);
  throw new AppError(
    'invalid_argument',
    'The event bus URL must start with kafka:// or kafkas://, or be memory:',
  );
}
