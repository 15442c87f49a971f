import { Kafka, logLevel } from 'kafkajs';
import { newId } from '@frontdesk/core';
import { describeWith } from '@frontdesk/testing/servers';
import { freePort } from '../../../infra/local/servers/servers.ts';
import { replayDeadLetters } from './dead-letter.js';
import { eventBusContract, eventually, record, text } from './event-bus.contract.js';
import type { DeadLetter } from './event-bus.js';
import { KafkaEventBus } from './kafka.js';

describeWith('kafka', 'Kafka event bus', ({ KAFKA_BROKERS }) => {
  let bus: KafkaEventBus;
  const { setTimeout } = globalThis;
  let timersInThePast = 0;
  beforeAll(() => {
    globalThis.setTimeout = Object.assign((run: () => void, ms?: number, ...rest: unknown[]) => {
      if (ms !== undefined && ms < 0) timersInThePast += 1;
      return setTimeout(run, ms, ...rest);
    }, setTimeout);
    bus = new KafkaEventBus(`kafka://${KAFKA_BROKERS}?partitions=4`);
  });
  afterAll(async () => {
    await bus.close();
    globalThis.setTimeout = setTimeout;
  });

  eventBusContract(() => bus);

  it('creates topics as its URL says', async () => {
    const topic = `t-${newId()}`;
    await bus.publish([record(topic, 'k', 'first')]);
    const admin = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.disconnect();
    expect(topics[0]!.partitions).toHaveLength(4);
  });

  it('gives a group that comes later what was published before', async () => {
    const topic = `t-${newId()}`;
    await bus.publish([record(topic, 'k', 'early')]);
    const received: string[] = [];
    const handle = async (each: Parameters<typeof text>[0]): Promise<void> => void received.push(text(each));
    const consumption = await bus.consume({ group: topic, topics: [topic], handle });
    await eventually(() => expect(received).toEqual(['early']));
    await consumption.stop();
  });

  it('puts messages aside, as they came, that are no events', async () => {
    const topic = `t-${newId()}`;
    const received: string[] = [];
    const told: DeadLetter[] = [];
    const consumption = await bus.consume({
      group: topic,
      topics: [topic],
      handle: async (each) => void received.push(text(each)),
      deadLettered: (letter) => told.push(letter),
    });
    const stranger = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).producer();
    await stranger.connect();
    const strange = [
      { key: 'k', value: 'no headers' },
      { key: 'k', value: null, headers: { 'event-id': '1', 'tenant-id': 't' } },
      { value: 'no key', headers: { 'event-id': '2', 'tenant-id': 't' } },
    ];
    await stranger.send({ topic, messages: strange });
    await stranger.disconnect();
    await bus.publish([record(topic, 'k', 'good')]);
    await eventually(() => expect([received.length, told.length]).toEqual([1, 3]));
    await consumption.stop();

    const letters: DeadLetter[] = [];
    const replay = { bus, topic, onLetter: (letter: DeadLetter) => letters.push(letter) };
    expect(await replayDeadLetters(replay)).toEqual({ found: 3, replayed: 0, unreadable: 3 });
    expect(letters.map(({ id }) => id).toSorted()).toEqual(['', '1', '2']);
    expect(letters.every(({ attempts, reason }) => attempts === 0 && /envelope/.test(reason))).toBe(true);
  });

  it('refuses for good what the broker will never take', async () => {
    const large = { ...record(`t-${newId()}`, 'k', ''), payload: new Uint8Array(1_100_000) };
    await expect(bus.publish([large])).rejects.toMatchObject({ code: 'invalid_argument' });
    await bus.publish([record(large.topic, 'k', 'small')]);
  });

  it('sets no timer in the past, as its client does by itself', () => {
    expect(timersInThePast).toBe(0);
  });
});

describe('Kafka event bus without a broker', () => {
  let bus: KafkaEventBus;
  beforeAll(async () => {
    bus = new KafkaEventBus(`kafka://127.0.0.1:${await freePort()}`);
  });
  afterAll(() => bus.close());

  it('says so', async () => {
    expect(await bus.ping()).toBe(false);
  });

  it('rejects what is published, and what waits behind it', async () => {
    const first = bus.publish([record('t', 'k', 'one')]);
    const second = bus.publish([record('t', 'k', 'two')]);
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    await expect(bus.publish([record('t', 'k', 'three')])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('lets a service start, and stop, without joining its group', async () => {
    const consumption = await bus.consume({ group: 'g', topics: ['t'], handle: async () => {} });
    await consumption.stop();
  });
});
