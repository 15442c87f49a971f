/** Clients that know nothing of us: OpenAI's, a gRPC client by reflection, a WebSocket. */
import { Role } from '@frontdesk/contracts/common/v1/conversation';
import { ConversationService } from '@frontdesk/contracts/gateway/v1/conversation_service';
import { grpcClient } from '@frontdesk/rpc';
import { eventually } from '@frontdesk/testing';
import OpenAI from 'openai';
import { WebSocket } from 'ws';
import { ReflectionClient } from './reflection-client.js';
import { Stage, type SeenEvent } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.stop());

describe("OpenAI's client", () => {
  const client = (apiKey = stage.keys.channel) =>
    new OpenAI({ apiKey, baseURL: `${stage.url}/v1`, maxRetries: 0 });
  const ask = (content: string) => ({
    model: 'default',
    user: 'u1',
    messages: [{ role: 'user' as const, content }],
  });

  it('holds a conversation', async () => {
    const first = await client().chat.completions.create(ask('hello')).withResponse();
    expect(first.data.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'You said: hello' },
      finish_reason: 'stop',
    });
    const id = first.response.headers.get('x-conversation-id')!;
    const second = await client().chat.completions.create(ask('and now?'), {
      headers: { 'X-Conversation-Id': id },
    });
    expect(second.choices[0]!.message.content).toBe('You said: and now?');
    const log = await stage.call('GET', `/v1/conversations/${id}/messages`, { key: stage.keys.channel });
    expect(log.body.messages.map(({ text }: { text: string }) => text)).toEqual([
      'hello',
      'You said: hello',
      'and now?',
      'You said: and now?',
    ]);
  });

  it('streams, what is generated and what is canned', async () => {
    for (const [question, answer, chunks] of [
      ['tell me', 'It is on its way.', 3],
      ['hello', 'You said: hello', 1],
    ] as const) {
      const pieces: string[] = [];
      let reason: string | null = null;
      for await (const chunk of await client().chat.completions.create({ ...ask(question), stream: true })) {
        const [choice] = chunk.choices;
        if (choice?.delta.content) pieces.push(choice.delta.content);
        reason = choice?.finish_reason ?? reason;
      }
      expect([pieces.join(''), pieces.length, reason]).toEqual([answer, chunks, 'stop']);
    }
  });

  it('says the same once under the same Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const both = [
      await client().chat.completions.create(ask('hello'), { headers }),
      await client().chat.completions.create(ask('hello'), { headers }),
    ];
    expect(both[1]!.id).toBe(both[0]!.id);
    await expect(client().chat.completions.create(ask('bye'), { headers })).rejects.toMatchObject({
      status: 409,
    });
  });

  it('takes parts of text, ignores what it does not use, and reads errors', async () => {
    const parts = await client().chat.completions.create({
      model: 'default',
      temperature: 0.3,
      max_tokens: 5,
      messages: [
        { role: 'system', content: 'be nice' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      ],
    });
    expect(parts.choices[0]!.message.content).toBe('You said: hi');
    await expect(client().chat.completions.create({ ...ask('x'), model: 'nobody' })).rejects.toThrow(
      'There is no such bot.',
    );
    await expect(client('nonsense').models.list()).rejects.toMatchObject({ status: 401 });
    await expect(
      client().chat.completions.create({ model: 'default', messages: [{ role: 'system', content: 'x' }] }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(
      client().chat.completions.create(ask('x'), { headers: { 'X-Conversation-Id': 'unknown' } }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('lists the bots', async () => {
    expect((await client().models.list()).data.map(({ id }) => id)).toEqual(['default']);
  });
});

describe('gRPC', () => {
  const address = () => `ipv4:127.0.0.1:${stage.mesh.process.grpcPort}`;
  const call = (key: string) => ({ metadata: { authorization: `Bearer ${key}` } });

  it('holds a conversation', async () => {
    using client = grpcClient(ConversationService, { address: address() });
    const options = call(stage.keys.channel);
    const { conversation } = await client.createConversation({ customer: { id: 'u1' } }, options);
    expect(conversation).toMatchObject({ bot: 'default', channel: 'grpc' });
    const conversationId = conversation!.id;
    const events: (string | undefined)[] = [];
    for await (const { event } of client.sendMessage(
      { conversationId, text: 'tell me', clientMessageId: 'm1' },
      options,
    )) {
      events.push(event.case);
      if (event.case === 'understanding') expect(event.value.embedding).toEqual([]);
    }
    expect(events).toEqual(['turn', 'understanding', 'token', 'token', 'token', 'message']);
    const { messages } = await client.listMessages({ conversationId }, options);
    expect(messages.map(({ text }) => text)).toEqual(['tell me', 'It is on its way.']);
    for await (const { event } of client.watch({ conversationId, afterSeq: 1n }, options)) {
      expect(event).toMatchObject({ case: 'message', value: { seq: 2n } });
      break;
    }
  });

  it('refuses who may not call, and believes no tenant from the metadata', async () => {
    using client = grpcClient(ConversationService, { address: address() });
    const create = (metadata: Record<string, string>) =>
      client.createConversation({ customer: { id: 'u1' } }, { metadata });
    await expect(create({})).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(create({ 'fd-tenant': stage.tenantId, 'fd-principal': 'channel:x' })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(create({ authorization: `Bearer ${stage.keys.admin}` })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(create({ authorization: `Bearer ${stage.platformKey}` })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const other = await stage.tenant('other');
    const conversationId = await stage.conversation(other.keys.channel);
    await expect(client.listMessages({ conversationId }, call(stage.keys.channel))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('refuses a customer whose id is too long, before it is counted', async () => {
    using client = grpcClient(ConversationService, { address: address() });
    await expect(
      client.createConversation({ customer: { id: 'x'.repeat(129) } }, call(stage.keys.channel)),
    ).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('is all that a client needs which knows nothing but the address', async () => {
    const name = 'frontdesk.gateway.v1.ConversationService';
    using client = new ReflectionClient(address(), `Bearer ${stage.keys.channel}`);
    const services = await client.services();
    expect(services.filter((service) => service.startsWith('frontdesk.'))).toEqual([name]);
    const [created] = await client.call(name, 'CreateConversation', { customer: { id: 'u9' } });
    const { id } = (created as { conversation: { id: string } }).conversation;
    const events = await client.call(name, 'SendMessage', { conversationId: id, text: 'hello' });
    expect(events.map((event) => Object.keys(event as object)[0])).toEqual([
      'turn',
      'understanding',
      'message',
    ]);
    expect(events.at(-1)).toMatchObject({ message: { message: { text: 'You said: hello' } } });
  });
});

describe('a WebSocket', () => {
  const open = (id: string, more: { protocols?: string[]; key?: string; query?: string } = {}) => {
    const { protocols = [], key, query = '' } = more;
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return new Socket(
      `${stage.url.replace('http', 'ws')}/v1/ws?conversation=${id}${query}`,
      protocols,
      headers,
    );
  };

  it('carries turns and what an agent says, each message once', async () => {
    const id = await stage.conversation();
    const socket = open(id, { protocols: ['frontdesk.v1', `bearer.${stage.keys.channel}`] });
    await socket.opened;
    expect(socket.protocol).toBe('frontdesk.v1');
    socket.send({ type: 'message', text: 'tell me', clientMessageId: 'm1' });
    await socket.until('done');
    stage.dialogue.say(id, Role.AGENT, 'hi');
    await eventually('the agent is heard', () => socket.frames.at(-1)?.data.role === 'agent');
    expect(socket.frames.map(({ type }) => type)).toEqual([
      'turn',
      'understanding',
      'token',
      'token',
      'token',
      'message',
      'done',
      'message',
    ]);
    expect(socket.frames[0]).toMatchObject({ id: '1', clientMessageId: 'm1' });
    expect(socket.frames[5]!.data.message).toMatchObject({ seq: 2, text: 'It is on its way.' });
    expect(socket.frames[7]).toMatchObject({ id: '3' });
    socket.close();

    const again = open(id, { key: stage.keys.channel, query: '&after=2' });
    await eventually('the watch goes on after the place named', () => again.frames.length === 1);
    expect(again.frames[0]).toMatchObject({ type: 'message', id: '3' });
    again.close();
  });

  it('tells the mesh whose it is', async () => {
    const socket = open(await stage.conversation(), { key: stage.keys.channel });
    await socket.opened;
    socket.send({ type: 'message', text: 'hello' });
    await socket.until('done');
    expect(stage.dialogue.heard.at(-1)).toMatchObject({
      tenantId: stage.tenantId,
      principal: { kind: 'channel' },
    });
    socket.close();
  });

  it('answers wrong frames and goes on', async () => {
    const socket = open(await stage.conversation(), { key: stage.keys.channel });
    await socket.opened;
    for (const frame of [
      '{broken',
      '{"type":"dance"}',
      '{"type":"message","text":""}',
      '{"type":"message","text":"x","admin":1}',
    ]) {
      socket.raw(frame);
    }
    socket.send({ type: 'typing' });
    socket.send({ type: 'message', text: 'hello' });
    await socket.until('done');
    expect(socket.frames.filter(({ type }) => type === 'error').map(({ data }) => data.status)).toEqual([
      400, 422, 422, 422,
    ]);
    expect(socket.frames.some(({ type }) => type === 'message')).toBe(true);
    socket.raw('x'.repeat(100_000));
    expect(await socket.closed).toBe(1009);
  });

  it('is refused before it opens, like any request', async () => {
    const id = await stage.conversation();
    expect(await open(id).refused).toBe(401);
    expect(await open(id, { key: stage.keys.admin }).refused).toBe(403);
    expect(await open('unknown', { key: stage.keys.channel }).refused).toBe(404);
    expect(await open(id, { key: stage.keys.channel, query: '&x=1' }).refused).toBe(422);
    const plain = await stage.call('GET', `/v1/ws?conversation=${id}`, { key: stage.keys.channel });
    expect(plain).toMatchObject({ status: 426, body: { code: 'upgrade_required' } });
  });

  it('ends when its key is revoked', async () => {
    const made = await stage.call('POST', '/v1/api-keys', {
      key: stage.keys.admin,
      body: { kind: 'channel', name: 'x' },
    });
    const socket = open(await stage.conversation(made.body.key), { key: made.body.key });
    await socket.opened;
    await stage.call('DELETE', `/v1/api-keys/${made.body.id}`, { key: stage.keys.admin });
    expect(await socket.closed).toBe(1008);
  });
});

class Socket {
  readonly frames: (SeenEvent & { clientMessageId?: string })[] = [];
  readonly opened: Promise<unknown>;
  readonly closed: Promise<number>;
  /** The status of the answer that was no WebSocket. */
  readonly refused: Promise<number | undefined>;
  private readonly socket: WebSocket;

  constructor(url: string, protocols: string[], headers: Record<string, string>) {
    this.socket = new WebSocket(url, protocols, { headers });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    this.socket.on('error', () => undefined);
    this.opened = new Promise((resolve) => this.socket.once('open', resolve));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.refused = new Promise((resolve) =>
      this.socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      }),
    );
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  raw(text: string): void {
    this.socket.send(text);
  }

  close(): void {
    this.socket.close();
  }

  async until(type: string): Promise<void> {
    await eventually(`a frame of type ${type}`, () => this.frames.some((frame) => frame.type === type));
  }
}
