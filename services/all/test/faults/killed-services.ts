import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@frontdesk/testing';
import { Agent } from '../harness/agent.js';
import { Customer } from '../harness/customer.js';
import { persist } from '../harness/persist.js';
import type { Bench } from './bench.js';

const customers = 10;
const kills = 20;
const downAtMost = 2;
const turnsAtLeast = 300;
const victims = ['gateway', 'dialogue', 'nlu', 'knowledge', 'llm', 'handoff', 'dialogue-2'];
const questions = [
  'do you take visa',
  '订单A1001到哪了',
  'Where is my order A1003?',
  '密码想不起来咯',
  'hello',
  'tossed the box already, return still ok?',
];

/** A conversation as its customer remembers it. */
interface Memory {
  readonly customer: Customer;
  readonly said: { readonly id: string; readonly text: string; readonly reply: Reply }[];
  readonly handoffId: string;
}

interface Reply {
  readonly turnId: string;
  readonly message: { readonly seq: number; readonly text: string };
}

export function killedServices(bench: () => Bench): void {
  it(`${kills} times in the middle of ${customers} talks: every message has its one answer`, async () => {
    const { mesh } = bench();
    let over = false;
    let turns = 0;
    const memories: Memory[] = [];

    /** One conversation after the other, each of which ends with a call for a person. */
    const talk = async (): Promise<void> => {
      while (!over || turns < turnsAtLeast) {
        const customer = await persist(() => Customer.of(mesh));
        const said: Memory['said'] = [];
        for (const text of questions) {
          const id = randomUUID();
          const reply: Reply = await persist(() => customer.say(text, id, AbortSignal.timeout(8_000)));
          said.push({ id, text, reply });
          turns += 1;
          await sleep(500 + Math.random() * 1_000);
        }
        const called = await persist(() => customer.callPerson());
        memories.push({ customer, said, handoffId: called.id });
      }
    };
    const talking = Promise.all(Array.from({ length: customers }, talk));
    const down = new Map<string, Promise<void>>();
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(1_000 + Math.random() * 2_000);
      if (down.size >= downAtMost) await Promise.race(down.values());
      const alive = victims.filter((name) => !down.has(name));
      const victim = alive[Math.floor(Math.random() * alive.length)]!;
      await mesh.process(victim).kill();
      const restart = mesh.process(victim).start();
      down.set(
        victim,
        restart.then(() => void down.delete(victim)),
      );
    }
    await Promise.all(down.values());
    over = true;
    await talking;

    expect(turns).toBeGreaterThanOrEqual(turnsAtLeast);
    for (const { customer, said } of memories) {
      const log = await customer.log();
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      expect(
        log.filter(({ role }) => role === 'customer').map(({ clientMessageId }) => clientMessageId),
      ).toEqual(said.map(({ id }) => id));
      expect(log.filter(({ role }) => role === 'bot')).toEqual(said.map(({ reply }) => reply.message));
    }

    await eventually('empty outboxes', async () => (await mesh.waitingEvents()) === 0, 60_000);
    const agent = await Agent.of(mesh);
    const atTheDesk = await eventually(
      'every call for a person at the desk',
      async () => {
        const waiting = await agent.waiting();
        const ids = new Set(waiting.map(({ id }) => id));
        return memories.every(({ handoffId }) => ids.has(handoffId)) ? waiting : undefined;
      },
      60_000,
    );
    for (const { customer, handoffId } of memories) {
      const ofThis = atTheDesk.filter(({ conversationId }) => conversationId === customer.conversation);
      expect(ofThis.map(({ id }) => id)).toEqual([handoffId]);
      const { status, handoff } = await customer.api.get(customer.path);
      expect({ status, id: handoff.id }).toEqual({ status: 'waiting', id: handoffId });
    }
  }, 300_000);
}
