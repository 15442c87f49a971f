/**
 * How a service takes part in what happens elsewhere.
 *
 * Promises: the effect of an event is committed exactly once, whatever arrives twice; its handler runs in the
 * event's tenant, under its request id and trace, and has 10 s. Hides the inbox: the event's id and the effect are
 * one transaction, and only then is the record settled at the bus.
 */
import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Topic } from '@frontdesk/contracts';
import { AppError, runInContext } from '@frontdesk/core';
import type { Database, Transaction } from '@frontdesk/store';
import { silentLog, type Consumption, type EventBus, type EventLog, type EventRecord } from './event-bus.js';
import { acceptOnce, sweepInbox } from './inbox.js';

const HANDLE_DEADLINE_MS = 10_000;

export interface EventConsumer<D extends DescMessage = DescMessage> {
  /**
   * Applies one event. All effects belong in `tx`: a throw undoes them, and the event comes again. Events of one
   * key come one after the other.
   */
  handle(event: MessageShape<D>, tx: Transaction, envelope: EventRecord): Promise<void>;
}

/** Survives two copies of this package in one process. */
const CONSUMES = Symbol.for('frontdesk.consumes');

/** Marks the one class of a service that handles a topic. */
export function Consumes<D extends DescMessage>(topic: Topic<D>) {
  return (consumer: new (...dependencies: never[]) => EventConsumer<D>): void => {
    Object.defineProperty(consumer, CONSUMES, { value: topic });
  };
}

/** The topic of a class decorated with `@Consumes`; undefined for any other. */
export function consumedTopic(consumer: object): Topic | undefined {
  return (consumer as { [CONSUMES]?: Topic })[CONSUMES];
}

/** One attempt at one record, or its end. `seconds` is the time of the attempt. */
export interface Settled {
  readonly topic: string;
  readonly outcome: 'handled' | 'duplicate' | 'failed' | 'dead_letter';
  readonly seconds: number;
}

export interface ConsumersOptions {
  /** Name of the service, and so of its group. */
  readonly service: string;
  readonly bus: EventBus;
  readonly db: Database;
  /** Instances of classes decorated with `@Consumes`, one per topic. */
  readonly consumers: readonly EventConsumer[];
  readonly log?: EventLog;
  /** For metrics; must not throw. */
  readonly observe?: (settled: Settled) => void;
  /** See `ConsumeOptions.patienceMs`. */
  readonly patienceMs?: number;
}

/** Joins the service's group and gives every event to its consumer. */
export async function startConsumers(options: ConsumersOptions): Promise<Consumption> {
  const { service, bus, db, log = silentLog, observe = () => {} } = options;
  const consumers = byTopic(options.consumers);
  const stopSweeping = sweepInbox(db, log);
  const consumption = await bus.consume({
    group: service,
    topics: [...consumers.keys()],
    handle: async (record) => {
      const { topic, consumer } = consumers.get(record.topic)!;
      const start = performance.now();
      const settle = (outcome: Settled['outcome']): void =>
        observe({ topic: record.topic, outcome, seconds: (performance.now() - start) / 1_000 });
      try {
        settle(await inItsOwnContext(service, record, () => apply(db, topic, consumer, record)));
      } catch (error) {
        settle('failed');
        throw error;
      }
    },
    healthy: () =>
      db.ping().then(
        () => true,
        () => false,
      ),
    deadLettered: (letter) => observe({ topic: letter.topic, outcome: 'dead_letter', seconds: 0 }),
    ...(options.patienceMs !== undefined && { patienceMs: options.patienceMs }),
  });
  return {
    stop: async () => {
      stopSweeping();
      await consumption.stop();
    },
  };
}

interface Subscription {
  readonly topic: Topic;
  readonly consumer: EventConsumer;
}

function byTopic(consumers: readonly EventConsumer[]): Map<string, Subscription> {
  const subscriptions = new Map<string, Subscription>();
  for (const consumer of consumers) {
    const topic = consumedTopic(consumer.constructor);
    if (!topic) {
      throw new AppError(
        'failed_precondition',
        `Decorate ${consumer.constructor.name} with @Consumes(topic).`,
      );
    }
    if (subscriptions.has(topic.name)) {
      throw new AppError(
        'failed_precondition',
        `Two consumers of ${topic.name} in one service: make them one.`,
      );
    }
    subscriptions.set(topic.name, { topic, consumer });
  }
  return subscriptions;
}

function apply(db: Database, topic: Topic, consumer: EventConsumer, record: EventRecord) {
  const event = decode(topic, record);
  return db.transaction(async (tx) => {
    if (!(await acceptOnce(tx, record))) return 'duplicate';
    await consumer.handle(event, tx, record);
    return 'handled';
  });
}

function decode(topic: Topic, record: EventRecord): MessageShape<DescMessage> {
  try {
    return fromBinary(topic.message, record.payload);
  } catch (cause) {
    throw new AppError('invalid_argument', `The payload is no ${topic.message.typeName}.`, { cause });
  }
}

/** As the request that caused the event would see it: tenant, request id and trace; and nobody's credentials. */
function inItsOwnContext<T>(service: string, record: EventRecord, work: () => Promise<T>): Promise<T> {
  const request = {
    requestId: record.headers['x-request-id'] ?? record.id,
    tenantId: record.tenantId,
    principal: { kind: 'service', id: service } as const,
    deadline: Date.now() + HANDLE_DEADLINE_MS,
  };
  const cause = propagation.extract(ROOT_CONTEXT, record.headers);
  const span = trace.getTracer('@frontdesk/events').startSpan(
    `process ${record.topic}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.destination.name': record.topic,
        'messaging.consumer.group.name': service,
        'messaging.message.id': record.id,
      },
    },
    cause,
  );
  return context.with(trace.setSpan(cause, span), async () => {
    try {
      return await runInContext(request, work);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
