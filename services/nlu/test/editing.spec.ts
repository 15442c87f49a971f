/** What editors set and label, through the service's contract and over a real database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { tenantTopic } from '@frontdesk/contracts';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import { JobStatus, NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { newId } from '@frontdesk/core';
import type { RpcClient } from '@frontdesk/rpc';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { nlu } from '../src/index.js';
import { onEveryDatabase, type TestDatabase } from './every-database.js';

onEveryDatabase('editing', editing);

function editing(openDatabase: () => Promise<TestDatabase>): void {
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
  const settingsOf = async (tenantId: string, bot = '') =>
    (await as(tenantId, () => client.getSettings({ bot }))).settings!;
  const exported = async (tenantId: string, bot = '') =>
    (await as(tenantId, () => client.exportExamples({ bot }))).examples.map(
      ({ text, language, intent, emotion }) => [text, language, intent, emotion],
    );

  it('a taxonomy whose intents have new names stays, however differently live messages are read', async () => {
    // So many examples that some are held out.
    const verbs = ['find', 'print', 'renew', 'change', 'cancel', 'show', 'move', 'sell', 'lend', 'clean'];
    const put = async (names: Readonly<Record<string, string>>) => {
      const intents = Object.entries(names).map(([name, thing]) => ({
        name,
        examples: { en: { texts: verbs.map((verb) => `${verb} my ${thing}`) } },
      }));
      const { jobId } = await as('renamed', () => client.putIntents({ intents }));
      return settled('renamed', jobId);
    };
    const write = () => as('renamed', () => client.analyze({ text: 'renew my passport' }));
    const things = ['passport', 'invoice', 'bicycle', 'mattress', 'voucher', 'contract', 'parrot', 'garden'];
    const named = (prefix: string) =>
      Object.fromEntries(things.map((thing) => [`${prefix}_${thing}`, thing]));
    await put(named('old'));
    const { version } = await put(named('new'));
    for (let i = 0; i < 60; i++) await write();
    const { models } = await as('renamed', () => client.listModels({}));
    expect(models.find(({ active }) => active)).toMatchObject({ version, status: 'ready' });
    expect((await write()).understanding!.intent!.name).toBe('new_passport');
  });

  describe('settings', () => {
    const settings = {
      encoder: 'multilingual',
      gateMargin: 0.02,
      entities: [
        { type: 'product', values: [{ value: '降噪耳机', synonyms: ['headphones'] }] },
        { type: 'membership_number', pattern: 'vip\\d{6}' },
      ],
    };

    it('are empty at first, then as they were put, for this bot of this tenant', async () => {
      expect(await settingsOf('s-put')).toMatchObject({ encoder: '', entities: [] });
      const put = await as('s-put', () => client.putSettings({ settings }));
      expect(put).toMatchObject({ settings, jobId: '' });
      expect(await settingsOf('s-put')).toMatchObject(settings);
      expect((await settingsOf('s-put', 'another')).encoder).toBe('');
      expect((await settingsOf('s-other')).encoder).toBe('');
      await as('s-put', () => client.putSettings({ settings: { gateMargin: 0 } }));
      expect(await settingsOf('s-put')).toMatchObject({ encoder: '', gateMargin: 0, entities: [] });
    });

    it('find the bot’s own entities from then on', async () => {
      await as('s-own', () => client.putSettings({ settings }));
      const read = async (text: string, bot = '') =>
        (await as('s-own', () => client.analyze({ text, bot }))).understanding!.entities;
      expect(await read('vip123456 的 headphones 坏了')).toMatchObject([
        { type: 'membership_number', text: 'vip123456' },
        { type: 'product', value: '降噪耳机', text: 'headphones', start: 12, end: 22 },
      ]);
      expect(await read('headphones', 'another')).toEqual([]);
    });

    it('start a training when the encoder changes, if there is anything to learn', async () => {
      const { jobId } = await as('s-train', () => client.addFeedback({ text: '红玫瑰', intent: 'flowers' }));
      await settled('s-train', jobId);
      const put = (encoder: string) => as('s-train', () => client.putSettings({ settings: { encoder } }));
      const changed = await put('lexical');
      expect((await settled('s-train', changed.jobId)).status).toBe(JobStatus.SUCCEEDED);
      expect((await put('lexical')).jobId).toBe('');
    });

    it('are refused as a whole, naming every wrong field', async () => {
      const wrong = { encoder: 'huge', entities: [{ type: 'product', pattern: '(' }] };
      await expect(as('s-bad', () => client.putSettings({ settings: wrong }))).rejects.toMatchObject({
        code: 'invalid_argument',
        fields: [{ field: 'encoder' }, { field: 'entities[0].pattern' }],
      });
      expect((await settingsOf('s-bad')).encoder).toBe('');
    });

    it('go with their tenant', async () => {
      await as('s-gone', () => client.putSettings({ settings }));
      await mesh.process.bus.publish([erased('s-gone')]);
      await eventually('the settings are gone', async () => (await settingsOf('s-gone')).encoder === '');
    });
  });

  describe('labels', () => {
    const examples = [
      { text: '我要退款', intent: 'refund' },
      { text: 'where is my parcel', intent: 'delivery', emotion: 'anxious' },
      { text: '推荐一部电影', intent: 'out_of_scope' },
      { text: '行吧', emotion: 'sad' },
    ];

    it('come out as they went in, and teach the bot in one training', async () => {
      const { imported, warnings, jobId } = await as('l-in', () => client.importExamples({ examples }));
      expect({ imported, warnings }).toEqual({ imported: 4, warnings: [] });
      const again = await as('l-in', () => client.importExamples({ examples }));
      expect(again.jobId).toBe(jobId);
      expect((await settled('l-in', jobId)).version).toMatch(/-1$/);
      const expected = [
        ['where is my parcel', 'en', 'delivery', 'anxious'],
        ['推荐一部电影', 'zh', 'out_of_scope', ''],
        ['我要退款', 'zh', 'refund', ''],
        ['行吧', 'zh', '', 'sad'],
      ];
      expect(await exported('l-in')).toEqual(expected);
      const taken = (await as('l-in', () => client.exportExamples({}))).examples;
      await as('l-in', () => client.importExamples({ bot: 'copy', examples: taken }));
      expect(await exported('l-in', 'copy')).toEqual(expected);
      expect(await exported('l-nobody')).toEqual([]);
    });

    it('move a stored example, keep the taxonomy’s order, and warn of what contradicts itself', async () => {
      const intents = [
        { name: 'money' },
        { name: 'refund', parent: 'money', examples: { zh: { texts: ['退钱', '开票'] } } },
      ];
      await as('l-move', () => client.putIntents({ intents }));
      const { imported, warnings } = await as('l-move', () =>
        client.importExamples({
          examples: [
            { text: '开票', intent: 'refund' },
            { text: '开票', intent: 'invoice' },
            { text: ' ', intent: 'invoice' },
          ],
        }),
      );
      expect(imported).toBe(1);
      expect(warnings).toEqual([
        '"开票" is labelled refund and invoice: invoice stands.',
        'Example 3 is left out: it has no text.',
      ]);
      expect(await exported('l-move')).toEqual([
        ['开票', 'zh', 'invoice', ''],
        ['退钱', 'zh', 'refund', ''],
      ]);
      const stored = (await as('l-move', () => client.getIntents({}))).intents;
      expect(stored.find(({ name }) => name === 'refund')!.parent).toBe('money');
    });

    it('hold corrections of customers’ messages without their personal data', async () => {
      const text = 'call me on 13800138000 about A1001';
      const { jobId } = await as('l-pii', () => client.addFeedback({ text, intent: 'callback' }));
      await settled('l-pii', jobId);
      expect(await exported('l-pii')).toEqual([['call me on [PHONE_1] about A1001', 'en', 'callback', '']]);
    });

    it('start nothing when none of them can be stored', async () => {
      const answer = await as('l-none', () => client.importExamples({ examples: [{ text: 'x' }] }));
      expect(answer).toMatchObject({ imported: 0, jobId: '' });
      expect(answer.warnings).toHaveLength(1);
    });
  });
}

describe('settings in another process', () => {
  it('are found there by themselves, without a notice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-nlu-'));
    const environment = { DATABASE_URL: `pglite:${folder}`, NLU_MODEL_RECHECK_MS: '50' };
    const first = await startMesh([nlu], { environment });
    const second = await startMesh([nlu], { environment });
    const encoderIn = async (mesh: TestMesh) =>
      (await mesh.as({ tenantId: 't1' }, () => mesh.client(NluService).getSettings({}))).settings!.encoder;
    try {
      expect(await encoderIn(second)).toBe('');
      await first.as({ tenantId: 't1' }, () =>
        first.client(NluService).putSettings({ settings: { encoder: 'lexical' } }),
      );
      await eventually('the other process has them', async () => (await encoderIn(second)) === 'lexical');
    } finally {
      await second.stop();
      await first.stop();
      await rm(folder, { recursive: true });
    }
  });
});

function erased(tenantId: string) {
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
