/** The service as others see it: through its contract, over a real database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { tenantTopic } from '@frontdesk/contracts';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { JobStatus, NluService, PutMode, type IntentSchema } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { newId } from '@frontdesk/core';
import type { EventRecord } from '@frontdesk/events';
import type { RpcClient } from '@frontdesk/rpc';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { nlu } from '../src/index.js';
import { onEveryDatabase, type TestDatabase } from './every-database.js';

const intents: MessageInitShape<typeof IntentSchema>[] = [
  { name: 'logistics', parent: '', examples: {} },
  {
    name: 'delivery_time',
    parent: 'logistics',
    examples: {
      zh: { texts: ['几天能到', '什么时候发货', '多久送到', '发什么快递', '今天能发货吗'] },
      en: { texts: ['how long does delivery take', 'when will it ship', 'delivery time', 'which courier'] },
    },
  },
  {
    name: 'refund_request',
    parent: '',
    examples: {
      zh: { texts: ['我要退款', '把钱退给我', '申请退款', '怎么退款', '不想要了退钱'] },
      en: { texts: ['I want a refund', 'give me my money back', 'refund please', 'how do I get a refund'] },
    },
  },
  {
    name: 'invoice',
    parent: '',
    examples: {
      zh: { texts: ['开发票', '要电子发票', '发票抬头', '可以开票吗', '发票怎么开'] },
      en: { texts: ['I need an invoice', 'send me a receipt', 'invoice for my company', 'tax invoice'] },
    },
  },
];

onEveryDatabase('nlu', nluBehaviour);

function nluBehaviour(openDatabase: () => Promise<TestDatabase>): void {
  let mesh: TestMesh;
  let client: RpcClient<typeof NluService>;

  let database: TestDatabase;

  beforeAll(async () => {
    database = await openDatabase();
    mesh = await startMesh([nlu], {
      environment: { DATABASE_URL: database.url, NLU_FEEDBACK_DELAY_MS: '300' },
    });
    client = mesh.client(NluService);
  }, 60_000);
  afterAll(async () => {
    await mesh?.stop();
    await database?.drop();
  });

  const as = <T>(tenantId: string, work: () => T): T => mesh.as({ tenantId }, work);
  const settled = (tenantId: string, jobId: string) =>
    eventually(`training ${jobId}`, async () => {
      const job = await as(tenantId, () => client.getJob({ jobId }));
      return job.status === JobStatus.SUCCEEDED || job.status === JobStatus.FAILED ? job : undefined;
    });
  const understood = async (tenantId: string, text: string, bot = '') =>
    (await as(tenantId, () => client.analyze({ text, bot }))).understanding!;
  const taught = async (tenantId: string, bot = '') => {
    const stored = await as(tenantId, () => client.putIntents({ bot, intents }));
    return { ...stored, job: await settled(tenantId, stored.jobId) };
  };

  describe('a bot nobody has taught', () => {
    it('tells language, emotion and entities, and claims no intent', async () => {
      expect(await understood('t-new', '我的订单A1001怎么还没到，气死我了')).toMatchObject({
        language: 'zh',
        intent: { name: 'out_of_scope', confidence: 0 },
        emotion: { name: 'angry' },
        entities: [{ type: 'order_number', value: 'A1001', start: 4, end: 9, text: 'A1001' }],
        model: 'lexical-none',
      });
    });

    it('has nothing to list and nothing to train from', async () => {
      expect((await as('t-new', () => client.getIntents({}))).intents).toEqual([]);
      expect((await as('t-new', () => client.listModels({}))).models).toEqual([]);
      await expect(as('t-new', () => client.train({}))).rejects.toMatchObject({
        code: 'failed_precondition',
      });
    });

    it('believes the channel about a word of every language', async () => {
      const { understanding } = await as('t-new', () => client.analyze({ text: 'ok', locale: 'zh-CN' }));
      expect(understanding!.language).toBe('zh');
    });
  });

  describe('teaching', () => {
    it('answers from what was put, with probabilities and ancestors', async () => {
      const { intents: count, examples, job } = await taught('t-teach');
      expect({ count, examples }).toEqual({ count: 4, examples: 27 });
      expect(job).toMatchObject({ status: JobStatus.SUCCEEDED, version: 'lexical-1', error: '' });
      const reading = await understood('t-teach', '请问多久能送到呀');
      expect(reading).toMatchObject({
        intent: { name: 'delivery_time' },
        intentPath: ['logistics'],
        model: 'lexical-1',
      });
      expect(reading.intent!.confidence).toBeGreaterThan(0.4);
      expect((await understood('t-teach', '推荐几本好看的小说')).intent!.name).toBe('out_of_scope');
    });

    it('gives the taxonomy back, parents first', async () => {
      const stored = (await as('t-teach', () => client.getIntents({}))).intents;
      expect(stored.map(({ name }) => name)).toEqual([
        'invoice',
        'logistics',
        'delivery_time',
        'refund_request',
      ]);
      expect(stored[2]!.examples['zh']!.texts).toHaveLength(5);
    });

    it('merges, replaces, and warns', async () => {
      await taught('t-merge');
      const more = [
        { name: 'warranty', parent: 'logistics', examples: { zh: { texts: ['保修多久', '开发票'] } } },
      ];
      const merged = await as('t-merge', () => client.putIntents({ intents: more, mode: PutMode.MERGE }));
      expect(merged).toMatchObject({ intents: 5, examples: 29 });
      expect(merged.warnings).toEqual([
        'warranty has 2 examples: give it at least 5.',
        '"开发票" stands under invoice and warranty: keep it under one.',
      ]);
      await settled('t-merge', merged.jobId);
      const replaced = await as('t-merge', () => client.putIntents({ intents: intents.slice(0, 2) }));
      expect(replaced).toMatchObject({ intents: 2, examples: 9 });
      const job = await settled('t-merge', replaced.jobId);
      expect((await understood('t-merge', '开发票')).intent!.name).toBe('out_of_scope');
      expect((await understood('t-merge', '开发票')).model).toBe(job.version);
    });

    it('stores nothing of a taxonomy with a fault', async () => {
      const broken = [intents[1]!, { name: 'x', parent: 'nobody', examples: {} }];
      await expect(as('t-broken', () => client.putIntents({ intents: broken }))).rejects.toMatchObject({
        code: 'invalid_argument',
      });
      expect((await as('t-broken', () => client.getIntents({}))).intents).toEqual([]);
    });

    it('names the training under way instead of starting another', async () => {
      const many = Array.from({ length: 20 }, (_, i) => ({
        name: `intent_${i}`,
        examples: {
          en: {
            texts: Array.from(
              { length: 30 },
              (_, j) => `question ${'abcdefghij'[j % 10]}${i}x about thing ${j}`,
            ),
          },
        },
      }));
      const { jobId } = await as('t-once', () => client.putIntents({ intents: many }));
      await eventually('the training runs', async () => {
        return (await as('t-once', () => client.getJob({ jobId }))).status === JobStatus.RUNNING;
      });
      const asked = await Promise.all([1, 2, 3].map(() => as('t-once', () => client.train({}))));
      expect(asked.map((answer) => answer.jobId)).toEqual([jobId, jobId, jobId]);
      await settled('t-once', jobId);
      const again = await as('t-once', () => client.train({}));
      expect(again.jobId).not.toBe(jobId);
      await settled('t-once', again.jobId);
      const { models } = await as('t-once', () => client.listModels({}));
      expect(models.map(({ version, active }) => [version, active])).toEqual([
        ['lexical-2', true],
        ['lexical-1', false],
      ]);
      expect(models[0]!.scores['accuracy']).toBeGreaterThan(0);
    });

    it('keeps the bots of a tenant apart', async () => {
      await taught('t-bots', 'shop');
      expect((await understood('t-bots', '我要退款', 'shop')).intent!.name).toBe('refund_request');
      expect((await understood('t-bots', '我要退款', 'bank')).model).toBe('lexical-none');
    });
  });

  describe('correcting', () => {
    it('learns a new intent by itself, as a new version', async () => {
      await taught('t-loop');
      const text = '你们招兼职模特吗';
      expect((await understood('t-loop', text)).intent!.name).not.toBe('jobs');
      const { jobId } = await as('t-loop', () =>
        client.addFeedback({ text, intent: 'jobs', messageId: 'm1' }),
      );
      expect((await settled('t-loop', jobId)).version).toBe('lexical-2');
      expect(await understood('t-loop', text)).toMatchObject({
        intent: { name: 'jobs' },
        model: 'lexical-2',
      });
      expect((await understood('t-loop', '我要退款')).intent!.name).toBe('refund_request');
    });

    it('moves an example that stood under the wrong intent', async () => {
      await taught('t-move');
      const { jobId } = await as('t-move', () =>
        client.addFeedback({ text: '发票抬头', intent: 'refund_request' }),
      );
      await settled('t-move', jobId);
      const stored = (await as('t-move', () => client.getIntents({}))).intents;
      const owners = stored.filter(({ examples }) => examples['zh']?.texts.includes('发票抬头'));
      expect(owners.map(({ name }) => name)).toEqual(['refund_request']);
    });

    it('learns an emotion, of an untaught bot too', async () => {
      const text = '行吧，算你们狠';
      const before = (await understood('t-mood', text)).emotion!.name;
      const emotion = before === 'angry' ? 'sad' : 'angry';
      const { jobId } = await as('t-mood', () => client.addFeedback({ text, emotion }));
      await settled('t-mood', jobId);
      const after = await understood('t-mood', text);
      expect(after).toMatchObject({
        emotion: { name: emotion },
        intent: { name: 'out_of_scope' },
        model: 'lexical-1',
      });
    });

    it('gathers corrections that come together into one training', async () => {
      await taught('t-burst');
      const answers = await Promise.all(
        ['甲', '乙', '丙', '丁'].map((text) =>
          as('t-burst', () => client.addFeedback({ text, intent: 'letters' })),
        ),
      );
      expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
      await settled('t-burst', answers[0]!.jobId);
      expect((await as('t-burst', () => client.listModels({}))).models.map(({ version }) => version)).toEqual(
        ['lexical-2', 'lexical-1'],
      );
    });

    it.each([
      ['neither intent nor emotion', { text: 'x' }],
      ['an emotion there is not', { text: 'x', emotion: 'hungry' }],
      ['a blank text', { text: ' ', intent: 'a' }],
      ['an improper intent', { text: 'x', intent: 'a\nb' }],
    ])('refuses %s', async (_, request) => {
      await expect(as('t-bad', () => client.addFeedback(request))).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    });
  });

  describe('models', () => {
    it('activates an earlier version, and goes on counting after it', async () => {
      await taught('t-back');
      const learn = await as('t-back', () => client.addFeedback({ text: '玫瑰花', intent: 'flowers' }));
      await settled('t-back', learn.jobId);
      const { model } = await as('t-back', () => client.activateModel({ version: 'lexical-1' }));
      expect(model).toMatchObject({ version: 'lexical-1', active: true });
      expect(await understood('t-back', '玫瑰花')).toMatchObject({
        model: 'lexical-1',
        intent: { name: 'out_of_scope' },
      });
      const again = await settled('t-back', (await as('t-back', () => client.train({}))).jobId);
      expect(again.version).toBe('lexical-3');
      expect((await understood('t-back', '玫瑰花')).model).toBe('lexical-3');
    });

    it.each(['lexical-9', 'lexical-0', 'bert-1', ''])('does not know version %j', async (version) => {
      await expect(as('t-back', () => client.activateModel({ version }))).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('tenants', () => {
    it('see nothing of each other', async () => {
      const { jobId } = await taught('t-mine');
      expect((await understood('t-mine', '我要退款')).model).toBe('lexical-1');
      expect((await understood('t-other', '我要退款')).model).toBe('lexical-none');
      await expect(as('t-other', () => client.getJob({ jobId }))).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(as('t-other', () => client.activateModel({ version: 'lexical-1' }))).rejects.toMatchObject(
        {
          code: 'not_found',
        },
      );
      expect((await as('t-other', () => client.getIntents({}))).intents).toEqual([]);
      await expect(client.analyze({ text: 'x' })).rejects.toMatchObject({ code: 'unauthenticated' });
    });
  });

  describe('utterances', () => {
    it.each(['', '  ', 'x'.repeat(8_001)])('of the wrong length are refused', async (text) => {
      await expect(understood('t-len', text)).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    it('may be long, and strange', async () => {
      await taught('t-strange');
      for (const text of [
        '退款'.repeat(4_000),
        '\u0000\u0007',
        '👩‍👩‍👧‍👦',
        '‮abc',
        'a'.repeat(8_000),
        '％％％',
        'ⅫⅫ①②',
      ]) {
        const reading = await understood('t-strange', text);
        expect(reading.intent!.confidence).toBeGreaterThanOrEqual(0);
        expect(reading.intent!.confidence).toBeLessThanOrEqual(1);
        expect(Math.abs(reading.sentiment)).toBeLessThanOrEqual(1);
      }
    });
  });

  describe('erasure', () => {
    it('leaves nothing of a tenant, and everything of the others', async () => {
      const [gone, stays] = [await taught('t-gone'), await taught('t-stays')];
      await as('t-gone', () => client.addFeedback({ text: '嗯', emotion: 'sad' }));
      expect((await understood('t-gone', '我要退款')).intent!.name).toBe('refund_request');
      await mesh.process.bus.publish([erased('t-gone')]);
      await eventually('the taxonomy is gone', async () => {
        return (await as('t-gone', () => client.getIntents({}))).intents.length === 0;
      });
      expect((await as('t-gone', () => client.listModels({}))).models).toEqual([]);
      await expect(as('t-gone', () => client.getJob({ jobId: gone.jobId }))).rejects.toMatchObject({
        code: 'not_found',
      });
      expect((await understood('t-gone', '我要退款')).model).toBe('lexical-none');
      expect((await understood('t-stays', '我要退款')).model).toBe(stays.job.version);
    });
  });
}

describe('processes', () => {
  it('take up the training another one left, and hear of each other’s models', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-nlu-'));
    const environment = { DATABASE_URL: `pglite:${folder}`, NLU_MODEL_RECHECK_MS: '50' };
    const first = await startMesh([nlu], {
      environment: { ...environment, NLU_FEEDBACK_DELAY_MS: '600000' },
    });
    const ask = (of: TestMesh, text: string) =>
      of.as({ tenantId: 't1' }, () => of.client(NluService).analyze({ text }));
    const { jobId } = await first.as({ tenantId: 't1' }, () =>
      first.client(NluService).addFeedback({ text: '红玫瑰', intent: 'flowers' }),
    );
    const waiting = await first.as({ tenantId: 't1' }, () => first.client(NluService).getJob({ jobId }));
    expect(waiting.status).toBe(JobStatus.QUEUED);
    await first.stop();

    const second = await startMesh([nlu], { environment: { ...environment, NLU_FEEDBACK_DELAY_MS: '0' } });
    const third = await startMesh([nlu], { environment });
    try {
      await eventually('the training is taken up', async () => {
        return (await ask(second, '红玫瑰')).understanding!.model === 'lexical-1';
      });
      expect((await ask(third, '红玫瑰')).understanding!.intent!.name).toBe('flowers');
      await second.as({ tenantId: 't1' }, () =>
        second.client(NluService).addFeedback({ text: '白鸽', intent: 'birds' }),
      );
      await eventually('another process answers with the new model', async () => {
        return (await ask(third, '白鸽')).understanding!.model === 'lexical-2';
      });
    } finally {
      await third.stop();
      await second.stop();
      await rm(folder, { recursive: true });
    }
  });
});

function erased(tenantId: string): EventRecord {
  const event = create(TenantEventSchema, { tenantId, fact: { case: 'erased', value: {} } });
  return {
    id: newId(),
    topic: tenantTopic.name,
    key: tenantId,
    payload: toBinary(TenantEventSchema, event),
    tenantId,
    occurredAt: Date.now(),
    headers: {},
  };
}
