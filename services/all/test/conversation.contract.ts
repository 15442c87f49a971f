import { randomUUID } from 'node:crypto';
import { Metadata, status as grpcStatus, type Client } from '@grpc/grpc-js';
import { eventually } from '@frontdesk/testing';
import OpenAI from 'openai';
import { ordersAt } from '../../../infra/local/shop/orders.js';
import { Agent } from './harness/agent.js';
import { Api, collect } from './harness/api.js';
import { Customer } from './harness/customer.js';
import { questionsOfTheShop } from './harness/demo-shop.js';
import type { MeshUnderTest } from './harness/mesh-under-test.js';
import { reflectedClient } from './harness/reflected-grpc.js';

/** None of them stands in an article. */
const asked = [
  '密码想不起来咯',
  '手机号换掉了 账号里还是老号码',
  '黑五跟双11哪天开始',
  '零下能盖这个睡袋吗',
  '拉朋友来买给啥好处',
  'do you take visa',
  'cant remember my pasword',
  'are opened ear tips returnable',
  'my card keeps getting rejected',
  'whats the weight of the keyboard',
];

export function conversationContract(start: () => Promise<MeshUnderTest>): void {
  let mesh: MeshUnderTest;
  beforeAll(async () => {
    mesh = await start();
  }, 180_000);
  afterAll(() => mesh?.stop(), 60_000);

  describe('a question', () => {
    it.each(questionsOfTheShop(asked))('"$text" is answered from its article', async ({ text, title }) => {
      const customer = await Customer.of(mesh);
      const { message, understanding, degraded } = await customer.say(text);
      expect(message).toMatchObject({ role: 'bot', kind: 'faq' });
      expect(message.sources[0].title).toBe(title);
      expect(understanding.language).toBe(/\p{Script=Han}/u.test(text) ? 'zh' : 'en');
      expect(degraded).toBe(false);
    });

    it('is answered as a stream whose events come in order, with ids to go on from', async () => {
      const customer = await Customer.of(mesh);
      const events = await customer.hear('订单多久能送到？');
      expect(events.map(({ type }) => type)).toEqual(['turn', 'understanding', 'message', 'done']);
      const [turn, understanding, message] = events;
      expect(understanding!.data.intent.name).not.toBe('');
      expect(message!.data).toMatchObject({ turnId: turn!.data.turnId, handoff: null });
      const log = await customer.log();
      expect(log.map(({ seq, role, text }) => [seq, role, text])).toEqual([
        [1, 'customer', '订单多久能送到？'],
        [2, 'bot', message!.data.message.text],
      ]);
      expect(message!.id).toBe('2');
      const watch = customer.watch(turn!.id);
      expect((await watch.next('message')).data.seq).toBe(2);
      await watch.close();
    });

    it('that is sent again is answered again, but taken only once', async () => {
      const customer = await Customer.of(mesh);
      const id = randomUUID();
      const first = await customer.say('do you take visa', id);
      const again = await customer.say('do you take visa', id);
      expect(again).toMatchObject({ turnId: first.turnId, message: first.message });
      expect(await customer.log()).toHaveLength(2);
      const other = await customer.api.call('POST', `${customer.path}/messages`, {
        text: 'do you take cash',
        clientMessageId: id,
      });
      expect(other.status).toBe(409);
    });

    it('opens one conversation, however often the request for it is repeated', async () => {
      const api = new Api(mesh.baseUrl, mesh.keys.channel);
      const wish = { customer: { id: 'hasty' } };
      const headers = { 'idempotency-key': randomUUID() };
      const { id } = await api.post('/v1/conversations', wish, { headers });
      expect((await api.post('/v1/conversations', wish, { headers })).id).toBe(id);
      const other = await api.call('POST', '/v1/conversations', { customer: { id: 'other' } }, { headers });
      expect(other.status).toBe(409);
    });

    it('can be rated', async () => {
      const customer = await Customer.of(mesh);
      const { message } = await customer.say('do you take visa');
      const rate = (rating: number) =>
        customer.api.call('POST', `${customer.path}/feedback`, { rating, messageSeq: message.seq });
      expect((await rate(5)).status).toBeLessThan(300);
      expect((await rate(1)).status).toBeLessThan(300);
      expect((await rate(6)).status).toBe(422);
    });
  });

  describe('an order', () => {
    const words: Record<string, { zh: RegExp; en: RegExp }> = {
      A1001: { zh: /ZTO Express.*75401223857761/, en: /ZTO Express.*75401223857761/ },
      A1002: { zh: /已付款/, en: /is paid/ },
      A1003: { zh: /已.{0,8}送达|已签收/, en: /delivered on/ },
      A1004: { zh: /超时|超过承诺/, en: /missed that date|past its promised date/ },
      A1005: { zh: /取消/, en: /was cancelled/ },
    };

    it.each(ordersAt(new Date()).map(({ id }) => id))(
      '%s is told as it stands, in both languages',
      async (id) => {
        const customer = await Customer.of(mesh);
        const zh = await customer.say(`我的订单${id}到哪了？`);
        expect(zh.message).toMatchObject({ kind: 'flow', text: expect.stringMatching(words[id]!.zh) });
        const en = await customer.say(`Where is my order ${id.toLowerCase()}?`);
        expect(en.message).toMatchObject({ kind: 'flow', text: expect.stringMatching(words[id]!.en) });
      },
    );

    it('that nobody placed is said not to exist', async () => {
      const customer = await Customer.of(mesh);
      const { message } = await customer.say('Where is my order A9999?');
      expect(message.text).toMatch(/cannot find order A9999|no order A9999/);
    });

    it('is asked for when the customer did not name it', async () => {
      const customer = await Customer.of(mesh);
      expect((await customer.say('我的快递到哪了')).message.text).toMatch(/订单号/);
      expect((await customer.say('A1001')).message.text).toMatch(words['A1001']!.zh);
    });
  });

  describe('a person', () => {
    it('takes over where the bot has no answer, and gives back', async () => {
      const agent = await Agent.of(mesh);
      const customer = await Customer.of(mesh);
      const watch = customer.watch();
      const desk = agent.watch();

      const first = await customer.say('Can a wombat recite the third movement of a sonata?');
      expect(['fallback', 'clarify']).toContain(first.message.kind);
      const second = await customer.say('And which zeppelin would it charter to Neptune?');
      expect(second).toMatchObject({ message: { kind: 'handoff' }, handoff: { reason: 'no_answer' } });
      expect(second.handoff.position).toBeGreaterThan(0);

      const handoff = await agent.accept(customer.conversation);
      expect(handoff.id).toBe(second.handoff.id);
      await watch.next('handoff', ({ status }) => status === 'active');

      await agent.reply(customer.conversation, 'Hello, this is Ann. Wombats do not.');
      await watch.next('message', ({ role, text }) => role === 'agent' && text.includes('Wombats'));
      const silent = await customer.say('Oh. Thank you!');
      expect(silent.message).toBeNull();
      await eventually('the words on the desk', () =>
        desk.events.some(({ data }) => JSON.stringify(data).includes('Oh. Thank you!')),
      );

      await agent.giveBack(handoff);
      await watch.next('handoff', ({ status }) => status === 'returned');
      expect((await customer.say('do you take visa')).message.kind).toBe('faq');

      const log = await customer.log();
      expect(log.map(({ role }) => role)).toEqual([
        'customer',
        'bot',
        'customer',
        'bot',
        'system',
        'agent',
        'customer',
        'system',
        'customer',
        'bot',
      ]);
      await eventually(
        'every message on the watch',
        () => watch.ofType('message').length === log.length || undefined,
      );
      expect(watch.ofType('message').map(({ data }) => data)).toEqual(log);
      await Promise.all([watch.close(), desk.close()]);
    });

    it('is called by the words for it, and by the button; twice is once', async () => {
      const customer = await Customer.of(mesh);
      const { handoff } = await customer.say('转人工');
      expect(handoff).toMatchObject({ reason: 'customer_request' });
      expect((await customer.callPerson()).id).toBe(handoff.id);
      expect((await customer.say('人工客服呢')).handoff.id).toBe(handoff.id);
      const agent = await Agent.of(mesh);
      await eventually('the handoff at the desk', async () => (await agent.waiting()).length > 0);
      const mine = (await agent.waiting()).filter(
        ({ conversationId }) => conversationId === customer.conversation,
      );
      expect(mine).toHaveLength(1);
    });
  });

  describe('a stock OpenAI client', () => {
    const client = (key = mesh.keys.channel) =>
      new OpenAI({ apiKey: key, baseURL: `${mesh.baseUrl}/v1`, maxRetries: 0 });
    const messages = (content: string) => [{ role: 'user' as const, content }];

    it('finds the bot, talks to it, and goes on with the conversation', async () => {
      const models = await client().models.list();
      expect(models.data.map(({ id }) => id)).toContain('shop');

      const ask = { model: 'shop', user: 'openai-customer' };
      const { data, response } = await client()
        .chat.completions.create({ ...ask, messages: messages('Where is my order?') })
        .withResponse();
      expect(data.choices[0]!.finish_reason).toBe('stop');
      expect(data.choices[0]!.message.content).toMatch(/order number/);

      const conversation = response.headers.get('x-conversation-id')!;
      const more = await client().chat.completions.create(
        { ...ask, messages: messages('A1001') },
        { headers: { 'X-Conversation-Id': conversation } },
      );
      expect(more.choices[0]!.message.content).toContain('75401223857761');
      const log = await new Api(mesh.baseUrl, mesh.keys.channel).get(
        `/v1/conversations/${conversation}/messages`,
      );
      expect(log.messages).toHaveLength(4);
    });

    it('reads an answer as a stream', async () => {
      const stream = await client().chat.completions.create({
        model: 'shop',
        user: 'openai-customer',
        messages: messages('do you take visa'),
        stream: true,
      });
      const chunks = await collect(stream);
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      expect(text).toMatch(/visa/i);
      expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('stop');
    });

    it('is told what is wrong with its key', async () => {
      const refused = client('fd_channel_nobody').chat.completions.create({
        model: 'shop',
        messages: messages('hello'),
      });
      await expect(refused).rejects.toMatchObject({ status: 401 });
    });
  });

  describe('a stock gRPC client', () => {
    /* eslint-disable @typescript-eslint/no-explicit-any -- a client made by reflection has no types */
    let client: Client & Record<string, any>;
    const credential = () => {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${mesh.keys.channel}`);
      return metadata;
    };
    const unary = (method: string, request: object, metadata = credential()) =>
      new Promise<any>((resolve, reject) => {
        client[method](request, metadata, (error: Error | null, answer: unknown) =>
          error ? reject(error) : resolve(answer),
        );
      });
    /* eslint-enable @typescript-eslint/no-explicit-any */

    beforeAll(async () => {
      client = await reflectedClient(mesh.grpcAddress, 'frontdesk.gateway.v1.ConversationService');
    });
    afterAll(() => client?.close());

    it('holds a conversation', async () => {
      const { conversation } = await unary('CreateConversation', {
        bot: 'shop',
        customer: { id: 'grpc-customer' },
      });
      const turn = await collect<{ event: string; message: { message: { text: string } } }>(
        client['SendMessage']({ conversation_id: conversation.id, text: '订单A1001到哪了' }, credential()),
      );
      expect(turn.map(({ event }) => event)).toEqual(['turn', 'understanding', 'message']);
      expect(turn.at(-1)!.message.message.text).toContain('75401223857761');

      const { messages } = await unary('ListMessages', { conversation_id: conversation.id });
      expect(messages.map(({ seq, text }: { seq: number; text: string }) => [seq, text])).toEqual([
        [1, '订单A1001到哪了'],
        [2, turn.at(-1)!.message.message.text],
      ]);

      const watched = client['Watch']({ conversation_id: conversation.id, after_seq: 1 }, credential());
      for await (const { message } of watched) {
        expect(message.seq).toBe(2);
        break;
      }
    });

    it('is refused without a key', async () => {
      await expect(
        unary('CreateConversation', { customer: { id: 'nobody' } }, new Metadata()),
      ).rejects.toMatchObject({ code: grpcStatus.UNAUTHENTICATED });
    });
  });

  describe('another tenant', () => {
    it('sees none of it: not the talk, not the queue, not the knowledge', async () => {
      const platform = new Api(mesh.baseUrl, mesh.keys.platform);
      const { keys } = await platform.post('/v1/tenants', { name: 'another shop' });
      const other = { ...mesh, keys: { ...mesh.keys, ...keys } };

      const ours = await Customer.of(mesh);
      await ours.callPerson();
      const stranger = new Api(mesh.baseUrl, keys.channel);
      for (const path of [ours.path, `${ours.path}/messages`, `${ours.path}/events`]) {
        const { status, body } = await stranger.call('GET', path);
        const unknown = await stranger.call('GET', path.replace(ours.conversation, randomUUID()));
        expect(status).toBe(404);
        expect(body.detail).toBe(unknown.body.detail);
      }
      const message = await stranger.call('POST', `${ours.path}/messages`, { text: 'hello' });
      expect(message.status).toBe(404);
      expect(await ours.transcript()).toHaveLength(1);

      const ourAgent = await Agent.of(mesh);
      await eventually('the handoff at our desk', async () =>
        (await ourAgent.waiting()).some(({ conversationId }) => conversationId === ours.conversation),
      );
      expect(await (await Agent.of(other)).waiting()).toEqual([]);

      const theirs = await Customer.of(other);
      const { message: reply } = await theirs.say('do you take visa');
      expect(reply.sources ?? []).toEqual([]);
    });
  });
}
