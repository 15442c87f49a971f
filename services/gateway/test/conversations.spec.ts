import { Role } from '@frontdesk/contracts/common/v1/conversation';
import { eventually } from '@frontdesk/testing';
import {
  conversationSchema,
  messageSchema,
  replySchema,
} from '../src/http/conversations/conversation.json.js';
import { allEvents, eventsOf, firstEvents, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.stop());

const say = (id: string, text: string, more: object = {}, headers: Record<string, string> = {}) =>
  stage.call('POST', `/v1/conversations/${id}/messages`, {
    key: stage.keys.channel,
    body: { text, ...more },
    headers,
  });
const stream = (id: string, text: string, signal?: AbortSignal) =>
  stage.send('POST', `/v1/conversations/${id}/messages`, {
    key: stage.keys.channel,
    body: { text },
    headers: { accept: 'text/event-stream' },
    ...(signal && { signal }),
  });
const watch = (id: string, lastEventId?: string, key = stage.keys.channel, signal?: AbortSignal) =>
  stage.send('GET', `/v1/conversations/${id}/events`, {
    key,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    ...(signal && { signal }),
  });

describe('a conversation', () => {
  it('is opened with its place in the answer', async () => {
    const { status, headers, body } = await stage.call('POST', '/v1/conversations', {
      key: stage.keys.channel,
      body: {
        bot: 'default',
        channel: 'web',
        locale: 'zh',
        customer: { id: 'u7', name: 'Li', attributes: { tier: 'gold' } },
      },
    });
    expect(status).toBe(201);
    expect(conversationSchema.parse(body)).toMatchObject({ bot: 'default', status: 'open', channel: 'web' });
    expect(headers.get('location')).toBe(`/v1/conversations/${body.id}`);
    const read = await stage.call('GET', `/v1/conversations/${body.id}`, { key: stage.keys.channel });
    expect(read.body).toEqual(body);
  });

  it('answers a message with the reply of api.md', async () => {
    const id = await stage.conversation();
    const { status, body } = await say(id, 'where is A1001');
    expect(status).toBe(200);
    expect(replySchema.parse(body)).toMatchObject({
      conversationId: id,
      message: {
        seq: 2,
        role: 'bot',
        kind: 'faq',
        text: 'You said: where is A1001',
        sources: [{ id: 'a1', title: 'Delivery', score: 0.8 }],
      },
      understanding: {
        language: 'en',
        intent: { name: 'order_status', confidence: 0.9 },
        emotion: { name: 'neutral', confidence: 0.8 },
        entities: [{ type: 'order_number', value: 'A1001', start: 6, end: 11 }],
        requests: [{ intent: { name: 'refund', confidence: 0.7 }, start: 12, end: 20 }],
        tier: 'neural',
        mood: { level: -0.4, slope: -0.1 },
      },
      degraded: false,
      handoff: null,
      timings: { totalMs: 12 },
    });
    expect(body.understanding).not.toHaveProperty('embedding');
  });

  it('has a null message when a person answers', async () => {
    const { body } = await say(await stage.conversation(), 'silent');
    expect(replySchema.parse(body).message).toBeNull();
  });

  it('tells the mesh tenant, principal and request id', async () => {
    const id = await stage.conversation();
    await say(id, 'hello', {}, { 'x-request-id': 'my-request.1' });
    expect(stage.dialogue.heard.at(-1)).toMatchObject({
      tenantId: stage.tenantId,
      principal: { kind: 'channel' },
      requestId: 'my-request.1',
    });
  });

  it('reads its log in pages', async () => {
    const id = await stage.conversation();
    for (const text of ['one', 'two']) await say(id, text, { clientMessageId: `id ${text}` });
    const first = await stage.call('GET', `/v1/conversations/${id}/messages?limit=3`, {
      key: stage.keys.channel,
    });
    expect(first.body.messages.map(messageSchema.parse, messageSchema)).toHaveLength(3);
    expect(first.body.messages[0]).toMatchObject({
      seq: 1,
      role: 'customer',
      text: 'one',
      clientMessageId: 'id one',
    });
    expect(first.body.nextCursor).toBe('3');
    for (const place of ['after', 'cursor']) {
      const rest = await stage.call('GET', `/v1/conversations/${id}/messages?${place}=3`, {
        key: stage.keys.agent,
      });
      expect(rest.body.messages.map(({ seq }: { seq: number }) => seq)).toEqual([4]);
      expect(rest.body.nextCursor).toBeNull();
    }
  });

  it('is handed to a person, answered by an agent, rated and closed', async () => {
    const id = await stage.conversation();
    const { channel, agent } = stage.keys;
    const ticket = await stage.call('POST', `/v1/conversations/${id}/handoff`, {
      key: channel,
      body: { note: 'help' },
    });
    expect(ticket).toMatchObject({
      status: 200,
      body: { position: 2, reason: 'customer_request', status: 'waiting' },
    });
    const again = await stage.call('POST', `/v1/conversations/${id}/handoff`, { key: channel });
    expect(again.body.id).toBe(ticket.body.id);

    const words = await stage.call('POST', `/v1/conversations/${id}/messages`, {
      key: agent,
      body: { text: 'I am here' },
    });
    expect(words).toMatchObject({ status: 200, body: { message: { role: 'agent', text: 'I am here' } } });

    const rated = await stage.call('POST', `/v1/conversations/${id}/feedback`, {
      key: channel,
      body: { rating: 5, messageSeq: 1 },
    });
    expect(rated.status).toBe(204);
    expect(stage.dialogue.ratings.at(-1)).toEqual({
      conversationId: id,
      rating: 5,
      comment: '',
      messageSeq: 1,
    });
    expect((await stage.call('POST', `/v1/conversations/${id}/typing`, { key: agent })).status).toBe(204);

    const closed = await stage.call('POST', `/v1/conversations/${id}/close`, { key: channel, body: {} });
    expect(closed).toMatchObject({ status: 200, body: { id, status: 'closed' } });
  });

  it('gives a message the same answer under the same client id', async () => {
    const id = await stage.conversation();
    const first = await say(id, 'hello', { clientMessageId: 'm1' });
    const second = await say(id, 'hello', { clientMessageId: 'm1' });
    expect(second.body).toEqual(first.body);
    expect(await say(id, 'other', { clientMessageId: 'm1' })).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    });
  });
});

describe('a streamed turn', () => {
  it('sends its events in order, each with its place', async () => {
    const response = await stream(await stage.conversation(), 'tell me');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('ratelimit-remaining')).toMatch(/^\d+$/);
    const events = await allEvents(response);
    expect(events.map(({ type, id }) => [type, id])).toEqual([
      ['turn', '1'],
      ['understanding', '1.1'],
      ['token', '1.2'],
      ['token', '1.3'],
      ['token', '1.4'],
      ['message', '2'],
      ['done', undefined],
    ]);
    expect(
      events
        .filter(({ type }) => type === 'token')
        .map(({ data }) => data.text)
        .join(''),
    ).toBe('It is on its way.');
    expect(replySchema.parse(events[5]!.data).message).toMatchObject({ seq: 2, text: 'It is on its way.' });
  });

  it('has no tokens for a canned reply, and tells of a handoff', async () => {
    const events = await allEvents(await stream(await stage.conversation(), 'person'));
    expect(events.map(({ type }) => type)).toEqual(['turn', 'understanding', 'message', 'handoff', 'done']);
    expect(events[3]!.data).toEqual({ id: 'h1', position: 1, reason: 'customer_request', status: 'waiting' });
  });

  it('has no message when a person answers', async () => {
    const events = await allEvents(await stream(await stage.conversation(), 'silent'));
    expect(events.map(({ type }) => type)).toEqual(['turn', 'understanding', 'done']);
  });

  it('fails before its first event as an ordinary answer', async () => {
    const response = await stream('unknown', 'hello');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('fails later as an event, with nothing of the internal error in it', async () => {
    const events = await allEvents(await stream(await stage.conversation(), 'break'));
    expect(events.map(({ type }) => type)).toEqual(['turn', 'understanding', 'error', 'done']);
    expect(events[2]!.data).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('tells when a newer message took over', async () => {
    const id = await stage.conversation();
    const events = await allEvents(await stream(id, 'superseded'));
    expect(events.map(({ type }) => type)).toEqual(['turn', 'understanding', 'error', 'done']);
    expect(events[2]!.data.code).toBe('aborted');
    expect(await say(id, 'superseded')).toMatchObject({ status: 409, body: { code: 'aborted' } });
  });

  it('produces no faster than its reader reads, and stops when the reader leaves', async () => {
    const leave = new AbortController();
    const before = process.memoryUsage().rss;
    const response = await stream(await stage.conversation(), 'flood', leave.signal);
    const reader = response.body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const produced = stage.dialogue.produced;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(stage.dialogue.produced).toBe(produced);
    expect(produced).toBeLessThan(20_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    leave.abort();
    await reader.closed.catch(() => undefined);
    await eventually('the turn is cancelled', () => stage.dialogue.cancelled === 1);
  });
});

describe('a watch', () => {
  it('delivers the log, then what is new, and resumes without a gap or a double', async () => {
    const id = await stage.conversation();
    await say(id, 'one');
    const leave = new AbortController();
    const events = eventsOf(await watch(id, undefined, stage.keys.channel, leave.signal));
    const seen: string[] = [];
    const next = async (): Promise<void> => {
      const { value } = await events.next();
      if (value?.type === 'message') seen.push(value.id!);
      else seen.push(value!.type);
    };
    await next();
    await next();
    stage.dialogue.say(id, Role.AGENT, 'hi');
    await next();
    await stage.call('POST', `/v1/conversations/${id}/typing`, { key: stage.keys.agent });
    await next();
    expect(seen).toEqual(['1', '2', '3', 'typing']);
    leave.abort();
    await events.next().catch(() => undefined);

    stage.dialogue.say(id, Role.AGENT, 'still there?');
    for (const lastEventId of ['3', '3.7']) {
      const [first] = await firstEvents(await watch(id, lastEventId), 1);
      expect(first).toMatchObject({
        type: 'message',
        id: '4',
        data: { role: 'agent', text: 'still there?' },
      });
    }
  });

  it('goes on by itself when the pod behind it dies', async () => {
    const id = await stage.conversation();
    for (const text of ['one', 'two', 'three']) await say(id, text);
    stage.dialogue.breakWatchAfter = 3;
    const events = await firstEvents(await watch(id), 6);
    expect(events.map((event) => event.id)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('ends when the conversation does', async () => {
    const id = await stage.conversation();
    await say(id, 'one');
    await stage.call('POST', `/v1/conversations/${id}/close`, { key: stage.keys.channel });
    const events = await allEvents(await watch(id, '1'));
    expect(events.map(({ type }) => type)).toEqual(['message', 'done']);
    expect(events[1]!.data).toEqual({ reason: 'closed' });
  });

  it('refuses unknown conversations and places that are none', async () => {
    const id = await stage.conversation();
    expect((await watch('unknown')).status).toBe(404);
    const odd = await watch(id, 'yesterday');
    expect(odd.status).toBe(422);
    expect(await odd.json()).toMatchObject({ errors: [{ field: 'Last-Event-ID' }] });
  });
});
