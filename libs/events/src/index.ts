export { EventBus } from './event-bus.js';
export type { Consumption, ConsumeOptions, DeadLetter, EventLog, EventRecord } from './event-bus.js';
export { openEventBus } from './open-event-bus.js';
export { Outbox } from './outbox.js';
export { OutboxRelay } from './outbox-relay.js';
export type { PendingEvents } from './outbox-table.js';
export { Consumes, consumedTopic, startConsumers } from './consumer.js';
export type { ConsumersOptions, EventConsumer, Settled } from './consumer.js';
export { replayDeadLetters } from './dead-letter.js';
export type { ReplayOptions, ReplayResult } from './dead-letter.js';

/** The tables of outbox and inbox: the first migrations of every service that publishes or subscribes. */
export const eventMigrations = new URL('../migrations/', import.meta.url);
