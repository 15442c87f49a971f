import { describeWith } from '@frontdesk/testing/servers';
import { eventBusContract } from './event-bus.contract.js';
import { KafkaEventBus } from './kafka.js';

describeWith('kafka', 'Kafka event bus', ({ KAFKA_BROKERS }) => {
  let bus: KafkaEventBus;
  beforeAll(() => {
    bus = new KafkaEventBus(`kafka://${KAFKA_BROKERS}`);
  });
  afterAll(() => bus.close());

  eventBusContract(() => bus);
});
