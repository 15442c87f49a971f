/** What editors see and do of understanding: explanations, versions, settings, labels; and what agents may of it. */
import type { LabelledExample } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { taskOf, type Example } from '../src/http/nlu/label-studio.js';
import { comparisonSchema, modelSchema } from '../src/http/nlu/model.json.js';
import { explanationSchema } from '../src/http/nlu/nlu.json.js';
import { analysisSchema } from '../src/http/understanding.json.js';
import { Stage } from './stage.js';

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

describe('an analysis', () => {
  it('tells its tier and what each clause asks for, and keeps the embedding back', async () => {
    const { body } = await admin('POST', '/v1/nlu/analyze', { text: 'where is it? and my money' });
    expect(analysisSchema.parse(body)).toMatchObject({
      tier: 'neural',
      requests: [
        { intent: { name: 'question', confidence: 0.8 }, start: 0, end: 12 },
        { intent: { name: 'refund', confidence: 0.7 }, start: 17, end: 25 },
      ],
    });
    expect(body).not.toHaveProperty('embedding');
    expect((await admin('POST', '/v1/nlu/analyze', { text: 'one thing' })).body.requests).toEqual([]);
  });

  it('is explained to editors', async () => {
    const { status, body } = await admin('POST', '/v1/nlu/explain', {
      text: 'money back',
      bot: 'shop',
      intent: 'refund',
    });
    expect(status).toBe(200);
    expect(explanationSchema.parse(body)).toMatchObject({
      understanding: { language: 'en', tier: 'neural', intent: { name: 'out_of_scope' } },
      intent: 'refund',
      neighbours: [{ text: 'I want a refund', intent: 'refund', similarity: 0.91 }],
      evidence: [{ text: 'refund', weight: 1.5 }],
      voices: { embedding: -0.1, lexical: -0.4, neighbours: -0.2 },
    });
    expect(JSON.stringify(body)).not.toContain('0.6');
    expect(stage.nlu.asked.at(-1)).toMatchObject({ text: 'money back', bot: 'shop', intent: 'refund' });
    expect((await admin('POST', '/v1/nlu/explain', { text: '' })).status).toBe(422);
  });
});

describe('a model', () => {
  it('is listed with what became of it', async () => {
    const { body } = await admin('GET', '/v1/nlu/models');
    expect(modelSchema.parse(body.models[0])).toMatchObject({
      pinned: true,
      status: 'ready',
      note: '',
      encoders: ['zh@1', 'en@2'],
    });
  });

  it('is compared with another', async () => {
    const { body } = await admin('GET', '/v1/nlu/models/compare?bot=shop&base=neural-2&candidate=neural-3');
    expect(comparisonSchema.parse(body)).toMatchObject({
      base: { version: 'neural-2', active: true },
      candidate: { version: 'neural-3', status: 'refused', note: 'refund lost too much' },
      intents: [
        { intent: 'refund', baseRecall: 0.9, candidateRecall: 0.5, baseExamples: 10, candidateExamples: 12 },
      ],
    });
    expect(stage.nlu.asked.at(-1)).toMatchObject({ bot: 'shop', base: 'neural-2', candidate: 'neural-3' });
    const incomplete = await admin('GET', '/v1/nlu/models/compare?base=neural-2');
    expect(incomplete).toMatchObject({ status: 422, body: { errors: [{ field: 'candidate' }] } });
  });

  it('is pinned, let go, and rolled back', async () => {
    const pinned = await admin('POST', '/v1/nlu/models/neural-2/pin', { bot: 'shop' });
    expect(pinned).toMatchObject({ status: 200, body: { version: 'neural-2', active: true, pinned: true } });
    expect(stage.nlu.asked.at(-1)).toEqual({ bot: 'shop', version: 'neural-2' });
    expect((await admin('POST', '/v1/nlu/models/neural-99/pin')).status).toBe(404);
    const free = await admin('POST', '/v1/nlu/models/unpin', { bot: 'shop' });
    expect(free.body).toMatchObject({ version: 'neural-4', pinned: false });
    expect(stage.nlu.asked.at(-1)).toEqual({ bot: 'shop', version: '' });
    expect((await admin('POST', '/v1/nlu/models/rollback', { bot: 'shop' })).body.version).toBe('neural-2');
    expect(stage.nlu.asked.at(-1)).toEqual({ bot: 'shop' });
  });

  it('is rolled back once under one Idempotency-Key', async () => {
    const before = stage.nlu.asked.length;
    const roll = () => admin('POST', '/v1/nlu/models/rollback', {}, { 'idempotency-key': 'back-1' });
    const [first, second] = [await roll(), await roll()];
    expect(second.body).toEqual(first.body);
    expect(stage.nlu.asked).toHaveLength(before + 1);
  });
});

describe('settings', () => {
  const settings = {
    encoder: 'multilingual',
    gateMargin: 0,
    entities: [
      { type: 'product', values: [{ value: 'headphones', synonyms: ['耳机'] }, { value: 'case' }] },
      { type: 'membership_number', pattern: 'vip\\d{6}' },
    ],
  };

  it('are put and read again', async () => {
    expect((await admin('GET', '/v1/nlu/settings')).body).toEqual({ entities: [] });
    const put = await admin('PUT', '/v1/nlu/settings?bot=shop', settings);
    expect(put).toMatchObject({ status: 200, body: { ...settings, jobId: 'job-3' } });
    expect((await admin('GET', '/v1/nlu/settings?bot=shop')).body).toEqual(settings);
    expect((await admin('PUT', '/v1/nlu/settings', { entities: [] })).body).toEqual({ entities: [] });
  });

  it.each<[string, object, string]>([
    ['an encoder there is not', { encoder: 'huge' }, 'encoder'],
    ['a margin beyond 1', { gateMargin: 2 }, 'gateMargin'],
    ['a definition of neither kind', { entities: [{ type: 'a' }] }, 'entities.0'],
    [
      'a definition of both kinds',
      { entities: [{ type: 'a', pattern: 'x', values: [{ value: 'x' }] }] },
      'entities.0',
    ],
    ['what is no setting', { margin: 1 }, 'margin'],
  ])('refuse %s', async (_, wrong, field) => {
    const { status, body } = await admin('PUT', '/v1/nlu/settings', { entities: [], ...wrong });
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });
});

describe('labels', () => {
  const examples: Example[] = [
    { text: '我要退款', language: 'zh', intent: 'refund', emotion: 'angry' },
    { text: 'fine', language: 'en', intent: '', emotion: 'sad' },
  ];
  beforeEach(() => {
    stage.nlu.examples = examples as LabelledExample[];
    stage.nlu.imports.length = 0;
  });

  it('leave as tasks, and come back the same', async () => {
    const { status, headers, body: tasks } = await admin('GET', '/v1/nlu/examples?format=label-studio');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
    expect(tasks).toEqual(examples.map(taskOf));
    const answer = await admin('POST', '/v1/nlu/examples/import', { bot: 'shop', tasks });
    expect(answer).toMatchObject({
      status: 200,
      body: { imported: 2, warnings: ['part of 2'], jobId: 'job-4' },
    });
    expect(stage.nlu.imports).toMatchObject([examples]);
  });

  it('leave as lines too', async () => {
    const answer = await stage.send('GET', '/v1/nlu/examples?format=jsonl', { key: stage.keys.admin });
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    const rows = lines.map((row) => JSON.parse(row) as unknown);
    expect(rows).toEqual([examples[0], { text: 'fine', language: 'en', emotion: 'sad' }]);
    expect((await admin('GET', '/v1/nlu/examples?format=csv')).status).toBe(422);
  });

  it('have an interface to be made in', async () => {
    await admin('PUT', '/v1/nlu/intents?bot=shop', { intents: [{ name: 'refund', examples: {} }] });
    const { headers, body } = await admin('GET', '/v1/nlu/examples/labeling-config?bot=shop');
    expect(headers.get('content-type')).toContain('application/xml');
    expect(body).toMatch(/^<View>[^]*<Choice value="refund"\/>[^]*<\/View>\n$/);
  });

  it('come in large numbers, what is said of one text in one call', async () => {
    const texts = Array.from({ length: 3_000 }, (_, n) => `${'long '.repeat(700)}${n % 1_500}`);
    const tasks = texts.map((text, n) =>
      taskOf({ text, language: 'en', intent: `intent_${n}`, emotion: '' }),
    );
    const body = JSON.stringify({ tasks });
    expect(body.length).toBeGreaterThan(10_000_000);
    const answer = await admin('POST', '/v1/nlu/examples/import', body);
    expect(answer).toMatchObject({ status: 200, body: { imported: 3_000 } });
    expect(stage.nlu.imports.length).toBeGreaterThan(1);
    const callsOf = Map.groupBy(
      stage.nlu.imports.flatMap((part, call) => part.map(({ text }) => ({ text, call }))),
      ({ text }) => text,
    );
    expect(callsOf.size).toBe(1_500);
    for (const calls of callsOf.values()) expect(new Set(calls.map(({ call }) => call)).size).toBe(1);
    const tooMuch = await admin(
      'POST',
      '/v1/nlu/examples/import',
      `{"tasks":[],"x":"${'x'.repeat(21 * 1024 * 1024)}"}`,
    );
    expect(tooMuch.status).toBe(413);
  });

  it('are asked for nothing when no task can be read', async () => {
    const answer = await admin('POST', '/v1/nlu/examples/import', { tasks: [{ data: { text: 'x' } }] });
    expect(answer.body).toEqual({
      imported: 0,
      warnings: ['Task 1 is left out: it has neither an intent nor an emotion.'],
    });
    expect(stage.nlu.imports).toEqual([]);
    const nameless = await admin('POST', '/v1/nlu/examples/import', {
      tasks: [{ data: { utterance: 'x' } }],
    });
    expect([nameless.status, nameless.body.errors[0].field]).toEqual([422, 'tasks.0.data.text']);
  });

  it('are imported once under one Idempotency-Key', async () => {
    const send = () =>
      admin(
        'POST',
        '/v1/nlu/examples/import',
        { tasks: examples.map(taskOf) },
        { 'idempotency-key': 'labels-1' },
      );
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    expect(stage.nlu.imports).toHaveLength(1);
  });
});

describe('an agent', () => {
  it('corrects what was understood of a customer, and chooses from names alone', async () => {
    const intents = [{ name: 'refund', examples: { en: ['money back'] } }];
    await admin('PUT', '/v1/nlu/intents', { intents });
    expect((await agent('GET', '/v1/nlu/intents?examples=false')).body).toEqual({
      intents: [{ name: 'refund', examples: {} }],
    });
    expect((await admin('GET', '/v1/nlu/intents')).body).toEqual({ intents });
    const correction = {
      messageId: 'c1:3',
      text: 'my money',
      intent: 'refund',
      emotion: 'angry',
      bot: 'shop',
    };
    expect((await agent('POST', '/v1/nlu/feedback', correction)).status).toBe(202);
    expect(stage.nlu.corrections.at(-1)).toMatchObject(correction);
  });
});

it('shows the texts of an answer in the document by their media types', async () => {
  const { body } = await stage.call('GET', '/openapi.json');
  const kindsOf = (path: string) => Object.keys(body.paths[path].get.responses[200].content);
  expect(kindsOf('/v1/nlu/examples')).toEqual(['application/json', 'application/x-ndjson']);
  expect(kindsOf('/v1/nlu/examples/labeling-config')).toEqual(['application/xml']);
});
