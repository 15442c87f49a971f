import { randomUUID } from 'node:crypto';
import { eventually } from '@frontdesk/testing';
import { Agent } from '../harness/agent.js';
import { Api } from '../harness/api.js';
import { Customer } from '../harness/customer.js';
import { persist } from '../harness/persist.js';
import type { Bench } from './bench.js';

const patienceMs = 3_000;

export function lostServers(bench: () => Bench): void {
  it('Redis killed: the chat goes on, and limits hold by the share of each process', async () => {
    const { mesh, stores } = bench();
    const platform = new Api(mesh.baseUrl, mesh.keys.platform);
    const { id, keys } = await platform.post('/v1/tenants', { name: 'a small shop' });
    const limits = { requestsPerMinute: 1_000, perCustomerPerMinute: 10, llmTokensPerDay: 1_000 };
    await platform.put(`/v1/tenants/${id}/limits`, limits);
    const customer = await Customer.of(mesh);
    const eager = await Customer.of({ ...mesh, baseUrl: mesh.baseUrl, keys: { ...mesh.keys, ...keys } });

    await stores.redis.kill();
    const startedAt = performance.now();
    expect((await customer.say('do you take visa')).message.kind).toBe('generated');
    expect(performance.now() - startedAt).toBeLessThan(patienceMs);

    const statuses = new Set<number>();
    for (let n = 0; n < 15; n += 1) {
      const { status, headers } = await eager.api.call('POST', `${eager.path}/messages`, { text: 'hello' });
      statuses.add(status);
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect([...statuses]).toEqual([200, 429]);

    await stores.redis.startAgain();
    expect((await customer.say('Where is my order A1001?')).message.text).toContain('75401223857761');
  });

  it('Redis frozen: the chat goes on, and a watch is only later', async () => {
    const { mesh, stores } = bench();
    const customer = await Customer.of(mesh);
    const watch = customer.watch();
    stores.redis.pause();
    const startedAt = performance.now();
    const { message } = await customer.say('do you take visa');
    expect(performance.now() - startedAt).toBeLessThan(patienceMs);
    await watch.next('message', ({ seq }) => seq === message.seq);
    stores.redis.resume();
    await watch.close();
  });

  it('Kafka killed: what is said is acknowledged, and the call for a person comes through afterwards', async () => {
    const { mesh, stores } = bench();
    const agent = await Agent.of(mesh);
    const customer = await Customer.of(mesh);
    await stores.kafka.kill();
    expect((await customer.say('do you take visa')).message.kind).toBe('generated');
    const { handoff } = await customer.say('转人工');
    expect(await agent.waiting()).not.toContainEqual(expect.objectContaining({ id: handoff.id }));
    expect(await mesh.waitingEvents()).toBeGreaterThan(0);

    await stores.kafka.startAgain();
    await eventually(
      'the handoff at the desk',
      async () => (await agent.waiting()).some(({ id }) => id === handoff.id),
      60_000,
    );
    await eventually('empty outboxes', async () => (await mesh.waitingEvents()) === 0, 30_000);
  }, 120_000);

  it('PostgreSQL killed: errors are clean, nothing acknowledged is lost, and it heals by itself', async () => {
    const { mesh, stores } = bench();
    const customer = await Customer.of(mesh);
    const { message } = await customer.say('do you take visa');
    await stores.postgres.kill();

    const lost = { text: 'how to get a fapiao', clientMessageId: randomUUID() };
    const { status, headers, body } = await customer.api.call('POST', `${customer.path}/messages`, lost);
    expect(status).toBe(503);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 503, code: 'unavailable' });
    expect(JSON.stringify(body)).not.toMatch(/postgres|ECONN|select|insert/i);

    await stores.postgres.startAgain();
    const reply = await persist(() => customer.say(lost.text, lost.clientMessageId));
    const log = await customer.log();
    expect(log.map(({ role }) => role)).toEqual(['customer', 'bot', 'customer', 'bot']);
    expect(log[1]).toEqual(message);
    expect(log[3]).toEqual(reply.message);
  }, 90_000);
}
