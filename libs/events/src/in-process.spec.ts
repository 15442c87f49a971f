import { eventBusContract, eventually, record, text } from './event-bus.contract.js';
import { InProcessEventBus } from './in-process.js';

describe('in-process event bus', () => {
  let bus: InProcessEventBus;
  beforeEach(() => {
    bus = new InProcessEventBus();
  });
  afterEach(() => bus.close());

  eventBusContract(() => bus);

  it('calls a record safe only when every group has handled it', async () => {
    const slow = Promise.withResolvers<void>();
    let safe = false;
    const consume = (group: string, handle: () => Promise<void>) =>
      bus.consume({ group, topics: ['t'], handle });
    await consume('quick', async () => {});
    await consume('slow', () => slow.promise);

    const published = bus.publish([record('t', 'k', 'one')]).then(() => (safe = true));
    await new Promise(setImmediate);
    expect(safe).toBe(false);
    slow.resolve();
    await published;
  });

  it('keeps a record in the hands of its sender when it closes first', async () => {
    await bus.consume({ group: 'g', topics: ['t'], handle: () => new Promise(() => {}) });
    const published = bus.publish([record('t', 'k', 'one')]);
    await bus.close();
    await expect(published).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('lets a handler publish more', async () => {
    const handled: string[] = [];
    await bus.consume({
      group: 'g',
      topics: ['t'],
      handle: async (each) => {
        handled.push(text(each));
        if (text(each) === 'cause') void bus.publish([record('t', each.key, 'effect')]);
      },
    });
    await bus.publish([record('t', 'k', 'cause')]);
    await eventually(() => expect(handled).toEqual(['cause', 'effect']));
  });
});
