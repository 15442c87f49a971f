/**
 * A process that relays and consumes until it is killed: `node mesh-process.ts <database URL> <bus URL> <topic>`.
 * Writes one row of `effects` per event. Run from source by Node's own type stripping, on the compiled libraries.
 */
import { conversationTopic } from '@frontdesk/contracts';
import { Consumes, OutboxRelay, eventMigrations, openEventBus, startConsumers } from '@frontdesk/events';
import type { EventConsumer } from '@frontdesk/events';
import { openDatabase } from '@frontdesk/store';

const [databaseUrl, busUrl, name] = process.argv.slice(2) as [string, string, string];
const topic = { ...conversationTopic, name };

const consumer: EventConsumer<typeof topic.message> = new (class EffectConsumer {
  handle: EventConsumer<typeof topic.message>['handle'] = async (event, tx) => {
    const text = event.fact.case === 'feedbackGiven' ? event.fact.value.comment : '';
    await tx.query('INSERT INTO effects (key, text) VALUES ($1, $2)', [event.conversationId, text]);
  };
})();
Consumes(topic)(consumer.constructor as new () => typeof consumer);

const db = await openDatabase({
  url: databaseUrl,
  service: 'events_test',
  migrations: [eventMigrations, new URL('./migrations/', import.meta.url)],
});
const bus = await openEventBus(busUrl);
await startConsumers({ service: `effects of ${name}`, bus, db, consumers: [consumer as EventConsumer] });
new OutboxRelay(db, bus).start();
process.send?.('ready');
process.on('disconnect', () => process.exit());
