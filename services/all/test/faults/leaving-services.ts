import type { SseEvent } from '../harness/api.js';
import { Customer } from '../harness/customer.js';
import type { Bench } from './bench.js';

const turns = 50;
/** So many must have begun to speak before the process is asked to leave. */
const speakers = 10;

export function leavingServices(bench: () => Bench): void {
  it.each(['gateway', 'dialogue'])(
    '%s: it finishes what it has in hand, to the last token, and goes',
    async (name) => {
      const { mesh, model } = bench();
      model.tokenMs = 50;
      const customers = await Promise.all(Array.from({ length: turns }, () => Customer.of(mesh)));

      let speaking = 0;
      const hear = async (customer: Customer): Promise<SseEvent[]> => {
        const events: SseEvent[] = [];
        for await (const event of customer.listen('do you take visa')) {
          if (event.type === 'token' && !events.some(({ type }) => type === 'token')) speaking += 1;
          events.push(event);
          if (speaking === speakers) leaving ??= mesh.process(name).leave();
        }
        return events;
      };
      let leaving: Promise<number | null> | undefined;
      const heard = await Promise.all(customers.map(hear));

      expect(await leaving).toBe(0);
      model.tokenMs = 0;
      await mesh.process(name).start();
      for (const [index, events] of heard.entries()) {
        const written = (await customers[index]!.log()).at(-1);
        expect(events.at(-1)!.type).toBe('done');
        expect(events.at(-2)!.data.message.text).toBe(written.text);
        // A busy machine may have made the model late for one or the other: then the article stands there whole.
        if (written.degraded) expect(written.kind).toBe('faq');
        else expect(spoken(events)).toBe(model.answer);
      }
      const whole = heard.filter((events) => spoken(events) === model.answer);
      expect(whole.length).toBeGreaterThanOrEqual(speakers);
    },
    60_000,
  );

  it('gateway: watches end with it, and go on where they were', async () => {
    const { mesh } = bench();
    const customer = await Customer.of(mesh);
    const watch = customer.watch();
    await customer.say('do you take visa');
    const last = await watch.next('message', ({ role }) => role === 'bot');
    expect(await mesh.process('gateway').leave()).toBe(0);
    await watch.ended;
    await mesh.process('gateway').start();

    await customer.say('cant remember my pasword');
    const again = customer.watch(last.id);
    await again.next('message', ({ role }) => role === 'bot');
    await again.close();
    const seen = [...watch.ofType('message'), ...again.ofType('message')].map(({ data }) => data.seq);
    expect(seen).toEqual([1, 2, 3, 4]);
  });
}

function spoken(events: readonly SseEvent[]): string {
  return events
    .filter(({ type }) => type === 'token')
    .map(({ data }) => data.text)
    .join('');
}
