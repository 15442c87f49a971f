import { parseKafkaUrl } from './kafka-cluster.js';

describe('URL of a Kafka cluster', () => {
  it('names brokers', () => {
    expect(parseKafkaUrl('kafka://a:9092,b:9093')).toEqual({
      brokers: ['a:9092', 'b:9093'],
      ssl: false,
      partitions: 6,
      replication: -1,
    });
  });

  it('says how topics are created', () => {
    expect(parseKafkaUrl('kafka://a:9092?partitions=12&replication=3')).toMatchObject({
      partitions: 12,
      replication: 3,
    });
  });

  it('carries a login over TLS', () => {
    expect(parseKafkaUrl('kafkas://me:p%40ss@a:9093?mechanism=plain')).toMatchObject({
      brokers: ['a:9093'],
      ssl: true,
      sasl: { mechanism: 'plain', username: 'me', password: 'p@ss' },
    });
    expect(parseKafkaUrl('kafkas://me:secret@a:9093').sasl).toMatchObject({ mechanism: 'scram-sha-512' });
  });

  it.each(['kafka://', 'kafka:a:9092', 'kafka://me:secret@a:9092', 'kafka://a:9092?partitions=many'])(
    'refuses %s',
    (url) => {
      expect(() => parseKafkaUrl(url)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    },
  );
});
