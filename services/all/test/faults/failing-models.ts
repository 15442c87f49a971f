import { Customer } from '../harness/customer.js';
import type { Mood } from '../harness/model-server.js';
import type { Bench } from './bench.js';

/** The budget is 1.5 s to the first words; the rest is for a busy machine. */
const patienceMs = 3_000;
const failures: readonly Mood[] = ['refusing', 'hanging', 'stalling', 'limiting', 'garbling'];

export function failingModels(bench: () => Bench): void {
  it.each(failures)('%s: the customer gets the article instead, in time', async (mood) => {
    const { mesh, model } = bench();
    const customer = await Customer.of(mesh);

    model.mood = mood;
    for (const question of ['do you take visa', '密码想不起来咯']) {
      const startedAt = performance.now();
      const reply = await customer.say(question);
      expect(performance.now() - startedAt).toBeLessThan(patienceMs);
      expect(reply).toMatchObject({ degraded: true, message: { kind: 'faq', degraded: true } });
      expect(reply.message.sources).not.toEqual([]);
    }

    model.mood = 'well';
    const { degraded, message } = await customer.say('do you take visa');
    expect({ degraded, text: message.text }).toEqual({ degraded: false, text: model.answer });
  });

  it('out for longer: nobody waits for it any more, and it is asked again once it is back', async () => {
    const { mesh, model } = bench();
    const customer = await Customer.of(mesh);
    model.mood = 'hanging';
    for (let n = 0; n < 3; n += 1) await customer.say('do you take visa');
    const startedAt = performance.now();
    const { degraded } = await customer.say('do you take visa');
    expect(degraded).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);

    model.mood = 'well';
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    expect((await customer.say('do you take visa')).message.kind).toBe('generated');
  });
}
