import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Customer } from '../harness/customer.js';
import { persist } from '../harness/persist.js';
import type { Bench } from './bench.js';

export function frozenService(bench: () => Bench): void {
  it('in the middle of a turn: another takes the turn over, and the one that wakes up says nothing', async () => {
    const { mesh, model } = bench();
    const [frozen, heir] = [mesh.process('dialogue'), mesh.process('dialogue-2')];
    await heir.leave();
    model.tokenMs = 150;
    const customer = await Customer.of(mesh);
    const message = ['do you take visa', randomUUID()] as const;

    const leaving = new AbortController();
    for await (const { type } of customer.listen(...message, leaving.signal)) {
      if (type === 'token') break;
    }
    frozen.pause();
    leaving.abort();
    await heir.start();
    const reply = await persist(() => customer.say(...message, AbortSignal.timeout(3_000)));
    expect(reply.message.role).toBe('bot');
    const before = await persist(() => customer.log());

    frozen.resume();
    // More than the rest of its turn would take.
    await sleep(words(model.answer) * model.tokenMs + 1_000);
    model.tokenMs = 0;
    expect(await customer.log()).toEqual(before);
    expect(before.map(({ role }) => role)).toEqual(['customer', 'bot']);
    expect((await customer.say('how to get a fapiao')).message.seq).toBe(4);
  }, 90_000);
}

const words = (text: string): number => text.split(' ').length;
