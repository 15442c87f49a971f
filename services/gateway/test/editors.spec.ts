/** What editors, agents and everyone's tools do: knowledge, understanding, the desk. */
import { PutMode } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { articleSchema } from '../src/http/knowledge/article.json.js';
import { agentSchema, handoffSchema } from '../src/http/handoffs/handoff.json.js';
import { analysisSchema } from '../src/http/understanding.json.js';
import { firstEvents, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.stop());

const admin = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  stage.call(method, path, {
    key: stage.keys.admin,
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  });
const agent = (method: string, path: string, body?: unknown) =>
  stage.call(method, path, { key: stage.keys.agent, ...(body !== undefined && { body }) });

describe('an article', () => {
  const article = {
    title: 'Returns',
    questions: ['Can I return it?'],
    answer: 'Within 30 days.',
    locale: 'en',
    tags: ['returns'],
  };

  it('is added, read, listed, changed under its version, and taken away', async () => {
    const made = await admin('POST', '/v1/knowledge/articles', {
      ...article,
      validFrom: '2026-01-01T08:00:00+08:00',
    });
    expect(made.status).toBe(201);
    expect(articleSchema.parse(made.body)).toMatchObject({
      ...article,
      version: 1,
      validFrom: '2026-01-01T00:00:00.000Z',
      validTo: null,
    });
    expect(made.headers.get('etag')).toBe('"1"');
    const path = `/v1/knowledge/articles/${made.body.id}`;
    expect(made.headers.get('location')).toBe(path);
    expect((await admin('GET', path)).body).toEqual(made.body);
    expect((await admin('GET', '/v1/knowledge/articles')).body.articles).toEqual([made.body]);

    const next = { ...article, answer: 'Within 60 days.' };
    const changed = await admin('PUT', path, next, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { version: 2, answer: 'Within 60 days.' } });
    expect(changed.headers.get('etag')).toBe('"2"');
    for (const match of ['"1"', '"0"', 'W/"2"', 'nonsense']) {
      const late = await admin('PUT', path, next, { 'if-match': match });
      expect([match, late.status, late.body.code]).toEqual([match, 412, 'precondition_failed']);
    }
    expect((await admin('PUT', path, next)).status).toBe(200);
    expect((await admin('DELETE', path, undefined, { 'if-match': '"1"' })).status).toBe(412);
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('GET', path)).status).toBe(404);
  });

  it('is found by search', async () => {
    const { body } = await admin('POST', '/v1/knowledge/search', { query: 'returns', limit: 3 });
    expect(body).toEqual({
      passages: [
        { id: 'p1', articleId: 'a1', title: 'Returns', text: 'About returns', score: 0.9, locale: 'en' },
      ],
    });
  });
});

describe('an import', () => {
  const rows = [
    { title: 'Delivery', questions: ['When?'], answer: 'In two days.', locale: 'en' },
    { query: '怎么退货？', response: '三十天内可以退货。', context: '网上订单' },
    { title: 'No answer' },
    { title: 'taken', questions: [], answer: 'x', locale: 'en' },
  ];
  const expected = [
    { row: 1, outcome: 'created', articleId: expect.any(String) },
    { row: 2, outcome: 'created', articleId: expect.any(String) },
    { row: 3, outcome: 'refused', error: expect.stringContaining('questions') },
    { row: 4, outcome: 'refused', error: 'the title is taken' },
  ];
  const bodies: Record<string, string> = {
    'application/json': JSON.stringify(rows),
    'application/x-ndjson': rows.map((row) => JSON.stringify(row)).join('\n'),
    'application/jsonl': `${rows.map((row) => JSON.stringify(row)).join('\r\n')}\r\n`,
  };

  it.each(Object.entries(bodies))('of %s reports on each row', async (type, body) => {
    const answer = await admin('POST', '/v1/knowledge/import', body, { 'content-type': type });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ created: 2, updated: 0, unchanged: 0, refused: 2, rows: expected });
    const pair = stage.knowledge.articles.get(answer.body.rows[1].articleId)!;
    expect(pair).toMatchObject({
      title: '怎么退货？',
      questions: ['怎么退货？'],
      answer: '网上订单\n\n三十天内可以退货。',
      locale: 'zh',
    });
  });

  it('of CSV knows quotes, several values in a cell, and a byte order mark', async () => {
    const csv =
      '\ufefftitle,questions,answer,locale,tags\n"Pay, later",How?|When?,"By ""card"",\nor cash.",en,pay|card\n,,,,\n"Only a title",,,,\n';
    const answer = await admin('POST', '/v1/knowledge/import', csv, {
      'content-type': 'text/csv; charset=utf-8',
    });
    expect(answer.body).toMatchObject({ created: 1, refused: 1 });
    expect(stage.knowledge.articles.get(answer.body.rows[0].articleId)).toMatchObject({
      title: 'Pay, later',
      questions: ['How?', 'When?'],
      answer: 'By "card",\nor cash.',
      tags: ['pay', 'card'],
    });
  });

  it('may be far larger than other bodies, but not without end', async () => {
    const row = { title: 'Long', questions: ['?'], answer: 'x'.repeat(18_000), locale: 'en' };
    const body = Array.from({ length: 400 }, () => JSON.stringify(row)).join('\n');
    expect(body.length).toBeGreaterThan(7_000_000);
    const large = await admin('POST', '/v1/knowledge/import', body, {
      'content-type': 'application/x-ndjson',
    });
    expect(large.body).toMatchObject({ created: 400, refused: 0 });
    const many = '{}\n'.repeat(10_001);
    expect(
      (await admin('POST', '/v1/knowledge/import', many, { 'content-type': 'application/x-ndjson' })).status,
    ).toBe(422);
    const huge = 'x'.repeat(21 * 1024 * 1024);
    expect((await admin('POST', '/v1/knowledge/import', huge, { 'content-type': 'text/csv' })).status).toBe(
      413,
    );
  });

  it('refuses what it cannot read as a whole', async () => {
    const send = (body: string, type: string) =>
      admin('POST', '/v1/knowledge/import', body, { 'content-type': type });
    expect((await send('a,b\n"open', 'text/csv')).status).toBe(422);
    expect((await send('', 'text/csv')).status).toBe(422);
    expect((await send('[]', 'application/json')).status).toBe(422);
    expect((await send('"text"', 'application/json')).status).toBe(422);
    expect((await send('<x/>', 'application/xml')).status).toBe(415);
    expect((await send('{broken\n{"query":"a","response":"b"}', 'application/jsonl')).body).toMatchObject({
      created: 1,
      refused: 1,
    });
  });
});

describe('understanding', () => {
  it('analyses a text for channels and editors', async () => {
    for (const key of [stage.keys.channel, stage.keys.admin]) {
      const { body } = await stage.call('POST', '/v1/nlu/analyze', {
        key,
        body: { text: 'where?', bot: 'default' },
      });
      expect(analysisSchema.parse(body)).toMatchObject({
        language: 'en',
        intent: { name: 'question', confidence: 0.7 },
        alternatives: [{ name: 'greeting', confidence: 0.2 }],
        emotion: { name: 'happy', confidence: 0.6 },
        sentiment: 0.5,
        model: 'neural-3',
      });
    }
  });

  it('takes back a taxonomy with names of another system and an example made of a long message', async () => {
    const intents = [
      { name: '包裹保险', examples: { zh: ['包裹有保险吗'] } },
      { name: 'Refund not showing up?', examples: { en: ['where is my money '.repeat(400)] } },
    ];
    await admin('PUT', '/v1/nlu/intents?bot=default', { intents });
    const read = (await admin('GET', '/v1/nlu/intents?bot=default')).body;
    expect(read).toEqual({ intents });
    expect(await admin('PUT', '/v1/nlu/intents?bot=default', read)).toMatchObject({ status: 200 });
  });

  it('keeps a taxonomy, in as many parts as it takes', async () => {
    const intents = [
      { name: 'logistics', examples: { en: ['delivery'], zh: ['物流'] } },
      { name: 'logistics_domestic', parent: 'logistics', examples: { en: ['domestic delivery'] } },
    ];
    const put = await admin('PUT', '/v1/nlu/intents?bot=default', { intents });
    expect(put).toMatchObject({
      status: 200,
      body: { intents: 2, examples: 3, warnings: ['few examples'], jobId: 'job-1' },
    });
    expect((await admin('GET', '/v1/nlu/intents?bot=default')).body).toEqual({ intents });
    await admin('PUT', '/v1/nlu/intents', { intents: [{ name: 'greeting', examples: {} }], mode: 'merge' });
    expect((await admin('GET', '/v1/nlu/intents')).body.intents).toHaveLength(3);

    const large = Array.from({ length: 12 }, (_, index) => ({
      name: `intent_${index}`,
      examples: { en: Array.from({ length: 1_000 }, (_, place) => `${place} ${'word '.repeat(90)}`) },
    }));
    stage.nlu.puts.length = 0;
    const stored = await admin('PUT', '/v1/nlu/intents', { intents: large });
    expect(stored).toMatchObject({ status: 200, body: { intents: 12 } });
    const [first, ...rest] = stage.nlu.puts;
    expect(first!.mode).toBe(PutMode.REPLACE);
    expect(rest.length).toBeGreaterThan(1);
    expect(rest.every(({ mode }) => mode === PutMode.MERGE)).toBe(true);
  });

  it('is trained, corrected, listed and switched', async () => {
    expect(await admin('POST', '/v1/nlu/train')).toMatchObject({ status: 202, body: { jobId: 'job-1' } });
    expect((await admin('GET', '/v1/nlu/jobs/job-1')).body).toEqual({
      id: 'job-1',
      status: 'succeeded',
      version: 'lexical-4',
      scores: { accuracy: 0.9 },
    });
    expect((await admin('GET', '/v1/nlu/jobs/job-9')).status).toBe(404);
    const corrected = await stage.call('POST', '/v1/nlu/feedback', {
      key: stage.keys.channel,
      body: { text: 'wo ist es', intent: 'order_status' },
    });
    expect(corrected.status).toBe(202);
    expect(stage.nlu.corrections.at(-1)).toMatchObject({ text: 'wo ist es', intent: 'order_status' });
    expect((await admin('POST', '/v1/nlu/feedback', { text: 'x' })).status).toBe(422);
    expect((await admin('GET', '/v1/nlu/models?bot=default')).body.models).toMatchObject([
      { version: 'neural-3', active: true },
    ]);
    expect((await admin('POST', '/v1/nlu/models/lexical-4/activate', {})).body).toMatchObject({
      version: 'lexical-4',
      active: true,
    });
  });
});

describe("an agent's desk", () => {
  it('says what the agent can take', async () => {
    const wish = { status: 'online', skills: ['refunds'], languages: ['zh'], capacity: 5 };
    const { body } = await agent('PUT', '/v1/agents/me/status', wish);
    expect(agentSchema.parse(body)).toMatchObject({ ...wish, active: 0 });
    expect((await agent('PUT', '/v1/agents/me/status', { ...wish, capacity: 51 })).status).toBe(422);
  });

  it('lists, accepts, passes on, gives back and closes', async () => {
    const { body } = await agent('GET', '/v1/handoffs?status=waiting');
    expect(handoffSchema.parse(body.handoffs[0])).toMatchObject({
      id: 'h1',
      status: 'waiting',
      customer: { id: 'u1', name: 'Li', attributes: { tier: 'gold' } },
    });
    expect((await agent('GET', '/v1/handoffs')).status).toBe(422);
    expect(await agent('POST', '/v1/handoffs/h1/accept', {})).toMatchObject({
      status: 200,
      body: { status: 'active' },
    });
    expect(await agent('POST', '/v1/handoffs/h1/accept')).toMatchObject({
      status: 409,
      body: { code: 'failed_precondition' },
    });
    expect((await agent('POST', '/v1/handoffs/h9/accept')).status).toBe(404);
    expect(
      (await agent('POST', '/v1/handoffs/h1/transfer', { skill: 'tech', note: 'please' })).body.status,
    ).toBe('waiting');
    expect((await agent('POST', '/v1/handoffs/h1/return', { note: 'done' })).body.status).toBe('returned');
    expect((await agent('POST', '/v1/handoffs/h1/close')).body.status).toBe('closed');
  });

  it('is watched', async () => {
    const events = await firstEvents(
      await stage.send('GET', '/v1/agents/events', { key: stage.keys.agent }),
      2,
    );
    expect(events).toMatchObject([
      { type: 'handoff', data: { id: 'h1', status: 'waiting' } },
      {
        type: 'message',
        data: { handoffId: 'h1', conversationId: 'c1', message: { seq: 3, role: 'customer' } },
      },
    ]);
  });
});
