/** What consumers do on every Database. */
import { propagation, ROOT_CONTEXT, trace, type Context, type TracerProvider } from '@opentelemetry/api';
import { currentContext, newId, type RequestContext } from '@frontdesk/core';
import type { Database } from '@frontdesk/store';
import {
  consumerOf,
  effects,
  inTenant,
  recordOf,
  tenant,
  topicNamed,
  writeEffect,
} from '../test/fixtures.js';
import { startConsumers, type ConsumersOptions, type Settled } from './consumer.js';
import { replayDeadLetters } from './dead-letter.js';
import { eventually } from './event-bus.contract.js';
import type { DeadLetter } from './event-bus.js';
import { sweepOnce } from './inbox.js';
import { InProcessEventBus } from './in-process.js';

export function consumerContract(open: () => Promise<Database>): void {
  const topic = topicNamed('test.v1');
  let db: Database;
  let bus: InProcessEventBus;

  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => {
    bus = new InProcessEventBus();
  });
  afterEach(async () => {
    await bus.close();
    await inTenant(db, (tx) => tx.query('DELETE FROM effects'));
  });

  const start = (options: Partial<ConsumersOptions> = {}) =>
    startConsumers({ service: 'test', bus, db, consumers: [consumerOf(topic)], patienceMs: 200, ...options });
  const dead = async (): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = [];
    await replayDeadLetters({
      bus,
      topic: topic.name,
      dryRun: true,
      onLetter: (letter) => letters.push(letter),
    });
    return letters;
  };

  it('gives an event to its consumer in its tenant, under its request', async () => {
    const seen: (RequestContext | undefined)[] = [];
    await start({
      consumers: [
        consumerOf(topic, async (event, tx, envelope) => {
          seen.push(currentContext());
          expect(tx.tenantId).toBe(tenant);
          expect(envelope.id).toBe(sent.id);
          await writeEffect(event, tx);
        }),
      ],
    });
    const sent = { ...recordOf(topic, 'k', 'hello'), headers: { 'x-request-id': 'request-1' } };
    await bus.publish([sent]);
    expect(await effects(db)).toEqual(new Map([['k', ['hello']]]));
    expect(seen).toMatchObject([
      { requestId: 'request-1', tenantId: tenant, principal: { kind: 'service', id: 'test' } },
    ]);
    expect(seen[0]!.deadline! - Date.now()).toBeGreaterThan(5_000);
    expect(currentContext()).toBeUndefined();
  });

  it('continues the trace of the request that caused the event', async () => {
    const parents: unknown[] = [];
    const traceparent = Symbol('traceparent');
    propagation.setGlobalPropagator({
      inject: () => {},
      extract: (to: Context, carrier: Record<string, string>) =>
        to.setValue(traceparent, carrier['traceparent']),
      fields: () => ['traceparent'],
    });
    const tracer = {
      startSpan: (_name: string, _options: unknown, parent: Context) =>
        parents.push(parent.getValue(traceparent)) &&
        trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }),
    };
    trace.setGlobalTracerProvider({ getTracer: () => tracer } as unknown as TracerProvider);
    try {
      await start();
      await bus.publish([{ ...recordOf(topic, 'k', 'traced'), headers: { traceparent: '00-abc-def-01' } }]);
      expect(parents).toEqual(['00-abc-def-01']);
      expect(ROOT_CONTEXT.getValue(traceparent)).toBeUndefined();
    } finally {
      propagation.disable();
      trace.disable();
    }
  });

  it('has no second effect when a record comes twice', async () => {
    const settled: Settled[] = [];
    await start({ observe: (each) => settled.push(each) });
    const sent = recordOf(topic, 'k', 'once');
    await bus.publish([sent, sent]);
    await bus.publish([sent]);
    expect(await effects(db)).toEqual(new Map([['k', ['once']]]));
    expect(settled.map(({ outcome }) => outcome)).toEqual(['handled', 'duplicate', 'duplicate']);
  });

  it('has no second effect when a record comes to two processes at once', async () => {
    const other = new InProcessEventBus();
    const consumers = [consumerOf(topic)];
    await start({ consumers });
    await start({ consumers, bus: other });
    const sent = Array.from({ length: 20 }, (_, index) => recordOf(topic, `k${index}`, 'once'));
    await Promise.all([bus.publish(sent), other.publish(sent)]);
    await other.close();
    expect(await effects(db)).toEqual(new Map(sent.map(({ key }) => [key, ['once']])));
  });

  it('undoes the effect of a handler that throws, and tries again', async () => {
    let attempts = 0;
    await start({
      consumers: [
        consumerOf(topic, async (event, tx) => {
          attempts += 1;
          await writeEffect(event, tx);
          if (attempts < 3) throw new Error('a bug that passes');
        }),
      ],
      patienceMs: 20_000,
    });
    await bus.publish([recordOf(topic, 'k', 'third time')]);
    expect(attempts).toBe(3);
    expect(await effects(db)).toEqual(new Map([['k', ['third time']]]));
    expect(await dead()).toEqual([]);
  });

  it('puts aside what keeps failing without quoting a foreign error, and can handle it later', async () => {
    let broken = true;
    const settled: Settled[] = [];
    await start({
      observe: (each) => settled.push(each),
      consumers: [
        consumerOf(topic, async (event, tx) => {
          if (broken) throw new TypeError('cannot read the name of Alice');
          await writeEffect(event, tx);
        }),
      ],
    });
    await bus.publish([recordOf(topic, 'k', 'late')]);
    expect(await dead()).toMatchObject([{ group: 'test', reason: 'unknown: TypeError' }]);
    expect(settled[0]!.outcome).toBe('failed');
    expect(settled.at(-1)!.outcome).toBe('dead_letter');

    broken = false;
    await replayDeadLetters({ bus, topic: topic.name });
    await eventually(async () => expect(await effects(db)).toEqual(new Map([['k', ['late']]])));
  });

  it('puts aside at once what is no message of its topic', async () => {
    await start();
    const poison = { ...recordOf(topic, 'k', 'poison'), payload: Uint8Array.of(0x0a, 0xff) };
    await bus.publish([poison, recordOf(topic, 'k', 'good')]);
    expect(await dead()).toMatchObject([{ id: poison.id, attempts: 1 }]);
    expect(await effects(db)).toEqual(new Map([['k', ['good']]]));
  });

  it('does not let a handler hold its transaction for ever', async () => {
    let attempts = 0;
    await start({
      consumers: [
        consumerOf(topic, async (event, tx) => {
          attempts += 1;
          if (attempts === 1) await new Promise(() => {});
          await writeEffect(event, tx);
        }),
      ],
      patienceMs: 20_000,
    });
    await bus.publish([recordOf(topic, 'k', 'second time')]);
    expect(await effects(db)).toEqual(new Map([['k', ['second time']]]));
  });

  it('refuses a consumer without topic, and two of one', async () => {
    const refused = (consumers: ConsumersOptions['consumers']) =>
      expect(start({ consumers })).rejects.toMatchObject({ code: 'failed_precondition' });
    await refused([{ handle: async () => {} }]);
    await refused([consumerOf(topic), consumerOf(topic)]);
  });

  it('forgets ids after two weeks', async () => {
    const ids = [newId(), newId()];
    await inTenant(db, (tx) =>
      tx.query(
        `INSERT INTO inbox (event_id, topic, handled_at)
         VALUES ($1, 'old', now() - interval '15 days'), ($2, 'old', now() - interval '13 days')`,
        ids,
      ),
    );
    await sweepOnce(db);
    expect(await inTenant(db, (tx) => tx.query("SELECT event_id FROM inbox WHERE topic = 'old'"))).toEqual([
      { event_id: ids[1] },
    ]);
  });
}
