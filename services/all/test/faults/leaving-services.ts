import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@frontdesk/testing';
import type { SseEvent } from '../harness/api.js';
import { Customer } from '../harness/customer.js';
import { persist } from '../harness/persist.js';
import type { Bench } from './bench.js';

const turns = 50;
/** Between the first words of two customers. */
const rampMs = 40;
/** Between two tokens, so that an answer takes about two seconds. */
const tokenMs = 100;
/** So many answers must have begun before the process is asked to leave. */
const begun = 10;

export function leavingServices(bench: () => Bench): void {
  it.each(['gateway', 'dialogue'])(
    '%s: it finishes what it has in hand, to the last token, and goes',
    async (name) => {
      const { mesh, model } = bench();
      const customers: Customer[] = [];
      while (customers.length < turns) customers.push(await Customer.of(mesh));
      const before = await Customer.of(mesh);
      await eventually(
        'a model that is asked and answers',
        async () => (await before.say('do you take visa')).message.kind === 'generated',
        20_000,
      );

      const leave = async (): Promise<number | null> => {
        const code = await mesh.process(name).leave();
        await mesh.process(name).start();
        return code;
      };
      let leaving: Promise<number | null> | undefined;
      let speaking = 0;
      const listen = async (customer: Customer, id: string): Promise<SseEvent[]> => {
        const events: SseEvent[] = [];
        for await (const event of customer.listen('do you take visa', id)) {
          if (event.type === 'token' && events.at(-1)!.type !== 'token') speaking += 1;
          if (speaking === begun) leaving ??= leave();
          events.push(event);
        }
        return events;
      };
      model.tokenMs = tokenMs;
      const heard = await Promise.all(
        customers.map(async (customer, index) => {
          const id = randomUUID();
          await sleep(index * rampMs);
          // Whoever finds the door closed comes again, as every app does.
          return persist(() => listen(customer, id));
        }),
      );
      model.tokenMs = 0;
      expect(await leaving).toBe(0);

      let streamed = 0;
      for (const [index, events] of heard.entries()) {
        const written = (await customers[index]!.log()).at(-1);
        expect(events.at(-1)!.type).toBe('done');
        expect(events.at(-2)!.data.message.text).toBe(written.text);
        // A busy machine may have made the model late for one or the other: then the article stands there whole.
        if (written.degraded) {
          expect(written.kind).toBe('faq');
          continue;
        }
        expect(written.text).toBe(model.answer);
        // Whoever came again after the turn was over got it without its tokens.
        if (spoken(events) === '') continue;
        expect(spoken(events)).toBe(model.answer);
        streamed += 1;
      }
      expect(streamed).toBeGreaterThanOrEqual(begun / 2);
    },
    90_000,
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
