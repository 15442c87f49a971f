/** The service with encoders: what it reads with them, and what it does without. */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { JobStatus, NluService, PutMode } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { MODEL_FILE, TOKENIZER_FILE } from '@frontdesk/onnx';
import type { RpcClient } from '@frontdesk/rpc';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWithModels } from '@frontdesk/testing/models';
import { nlu } from '../src/index.js';

const examples = {
  order_status: {
    zh: ['我的订单到哪了', '包裹什么时候到', '快递还没收到', '查一下物流', '东西发货了吗'],
    en: ['where is my order', 'when will my parcel arrive', 'track my package', 'has it shipped yet'],
  },
  refund_request: {
    zh: ['我要退款', '把钱退给我', '申请退款', '不想要了退钱', '钱什么时候退回来'],
    en: ['I want a refund', 'give me my money back', 'refund please', 'when do I get the money back'],
  },
  invoice: {
    zh: ['开发票', '要电子发票', '发票抬头写错了', '可以开票吗', '帮我开张发票'],
    en: ['I need an invoice', 'send me a receipt', 'invoice for my company', 'tax invoice please'],
  },
};

const taxonomy = Object.entries(examples).map(([name, { zh, en }]) => ({
  name,
  parent: '',
  examples: { zh: { texts: zh }, en: { texts: en } },
}));

describeWithModels(['bge-small-zh-v1.5', 'bge-small-en-v1.5'], 'nlu with encoders', (store, [zh, en]) => {
  let mesh: TestMesh;
  let client: RpcClient<typeof NluService>;

  const start = async (environment: Record<string, string>) => {
    const started = await startMesh([nlu], {
      environment: {
        DATABASE_URL: 'pglite:memory',
        NLU_ENCODER: 'per_language',
        MODELS_DIR: store.dir,
        NLU_FEEDBACK_DELAY_MS: '50',
        ...environment,
      },
    });
    return { mesh: started, client: started.client(NluService) };
  };
  const as = <T>(work: () => T, on = mesh): T => on.as({ tenantId: 't' }, work);
  const settled = (jobId: string, on = mesh, by = client) =>
    eventually(`training ${jobId}`, async () => {
      const job = await as(() => by.getJob({ jobId }), on);
      return job.status === JobStatus.SUCCEEDED || job.status === JobStatus.FAILED ? job : undefined;
    });
  const understood = async (text: string) => (await as(() => client.analyze({ text }))).understanding!;

  beforeAll(async () => {
    ({ mesh, client } = await start({}));
    const { jobId } = await as(() => client.putIntents({ intents: taxonomy }));
    expect(await settled(jobId)).toMatchObject({ status: JobStatus.SUCCEEDED, version: 'neural-1' });
  }, 60_000);
  afterAll(() => mesh?.stop());

  it.each([
    ['我买的那个什么时候才能送过来呀', 'order_status', 512],
    ['你们把货款还我', 'refund_request', 512],
    ['has my delivery been dispatched', 'order_status', 384],
    ['reimburse me', 'refund_request', 384],
  ])('reads a paraphrase: %s', async (text, intent, dimension) => {
    const reading = await understood(text);
    expect(reading).toMatchObject({ intent: { name: intent }, tier: 'neural', model: 'neural-1' });
    expect(reading.embedding).toHaveLength(dimension);
    expect(Math.hypot(...reading.embedding)).toBeCloseTo(1, 4);
    const encoder = dimension === 512 ? zh! : en!;
    expect(reading.encoder).toBe(`${encoder.id}@${encoder.revision}`);
  });

  it('claims nothing for what it was not taught', async () => {
    for (const text of ['推荐几本好看的小说', 'who painted the Mona Lisa', '？', '😡😡', '\u200b\u200b'])
      expect((await understood(text)).intent!.name).toBe('out_of_scope');
  });

  it('hears two requests in one message, and one in a message of one', async () => {
    const text = '我要退款，另外帮我开张发票';
    const { requests } = await understood(text);
    expect(requests.map(({ intent, start, end }) => [intent!.name, text.slice(start, end)])).toEqual([
      ['refund_request', '我要退款'],
      ['invoice', '帮我开张发票'],
    ]);
    expect((await understood('我的订单，什么时候到，快递呢')).requests).toEqual([]);
  });

  it('learns a new intent from one correction, and explains what it answers', async () => {
    const { jobId } = await as(() =>
      client.addFeedback({ text: 'do you offer gift wrapping', intent: 'gift_wrapping' }),
    );
    expect(await settled(jobId)).toMatchObject({ version: 'neural-2' });
    const text = 'can you offer gift wrapping for it';
    const { understanding, neighbours, evidence, voices } = await as(() => client.explain({ text }));
    expect(understanding).toMatchObject({ intent: { name: 'gift_wrapping' } });
    expect(neighbours[0]).toMatchObject({ text: 'do you offer gift wrapping', intent: 'gift_wrapping' });
    expect(evidence.slice(0, 4).map((piece) => piece.text)).toEqual(
      expect.arrayContaining(['gift', 'wrapping']),
    );
    expect(Object.keys(voices).sort()).toEqual(['embedding', 'lexical', 'neighbours']);
  });

  it('lets one correction count however many examples an intent has', async () => {
    const many = Array.from(
      { length: 200 },
      (_, i) => `where is parcel ${'abcdefghij'[i % 10]}${i} now, it is late`,
    );
    // Among the last by digest, the order in which examples are read otherwise.
    const text = Array.from({ length: 4_000 }, (_, i) => `refund me my money, case ${i}`).find((each) =>
      createHash('md5').update(each).digest('hex').startsWith('ff'),
    )!;
    const intents = [...taxonomy, { name: 'parcel', parent: '', examples: { en: { texts: many } } }];
    await settled((await as(() => client.putIntents({ bot: 'many', intents }))).jobId);
    const read = async () => (await as(() => client.analyze({ bot: 'many', text }))).understanding!.intent!;
    expect((await read()).name).toBe('refund_request');
    await settled((await as(() => client.addFeedback({ bot: 'many', text, intent: 'parcel' }))).jobId);
    expect((await read()).name).toBe('parcel');
    const { voices } = await as(() => client.explain({ bot: 'many', text }));
    expect(voices['neighbours']).toBeGreaterThan(Math.log(0.5));
  });

  it('is trained again with n-grams only when its bot wants that, and back', async () => {
    const put = async (encoder: string) => {
      const { jobId } = await as(() => client.putSettings({ settings: { encoder, entities: [] } }));
      await settled(jobId);
      return understood('reimburse me');
    };
    expect(await put('lexical')).toMatchObject({ tier: 'lexical', embedding: [], encoder: '' });
    expect(await put('')).toMatchObject({ tier: 'neural' });
  });

  it.each([
    '\u200b\u200b',
    '😀',
    '？？？',
    '\ud800',
    'ok\u202egnp.exe',
    'ａ'.repeat(8_000),
    '中'.repeat(8_000),
    'refund '.repeat(1_000),
  ])('has an answer for any text', async (text) => {
    expect((await understood(text)).tier).toMatch(/neural|lexical/);
  });

  it('answers from n-grams when the encoder would come too late', async () => {
    const analyze = () => client.analyze({ text: 'I want a refund '.repeat(60) }, { timeoutMs: 400 });
    const answers = await as(() => Promise.allSettled(Array.from({ length: 60 }, analyze)));
    const tiers = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value.understanding!.tier] : [],
    );
    expect(tiers).toContain('lexical');
    expect((await understood('reimburse me')).tier).toBe('neural');
  });

  describe('without a model', () => {
    it('reads n-grams, says so, and learns with the encoder once it is there', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'frontdesk-models-'));
      const data = join(folder, 'data');
      try {
        const without = await start({ MODELS_DIR: folder, DATABASE_URL: `pglite:${data}` });
        const { jobId } = await as(
          () => without.client.putIntents({ intents: taxonomy, mode: PutMode.REPLACE }),
          without.mesh,
        );
        expect(await settled(jobId, without.mesh, without.client)).toMatchObject({ version: 'lexical-1' });
        const lexical = await as(() => without.client.analyze({ text: 'refund please' }), without.mesh);
        expect(lexical.understanding).toMatchObject({ tier: 'lexical', model: 'lexical-1', embedding: [] });
        await without.mesh.stop();

        const later = await start({ DATABASE_URL: `pglite:${data}` });
        await eventually('the bot is trained again', async () => {
          const { understanding } = await as(
            () => later.client.analyze({ text: 'refund please' }),
            later.mesh,
          );
          return understanding!.model === 'neural-2' && understanding!.tier === 'neural';
        });
        await later.mesh.stop();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('reads n-grams where the encoder a bot chose was tampered with', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'frontdesk-models-'));
      try {
        for (const name of [MODEL_FILE, TOKENIZER_FILE]) {
          const path = join(folder, zh!.id, zh!.revision, name);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, 'tampered with');
        }
        const environment = { NLU_ENCODER: 'lexical', NLU_ENCODER_MULTILINGUAL: zh!.id };
        const spoiled = await start({ MODELS_DIR: folder, ...environment });
        await as(() => spoiled.client.putSettings({ settings: { encoder: 'multilingual' } }), spoiled.mesh);
        const answer = await as(() => spoiled.client.analyze({ text: '我要退款' }), spoiled.mesh);
        expect(answer.understanding).toMatchObject({ tier: 'lexical', encoder: '' });
        await spoiled.mesh.stop();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('does not start with a file that was tampered with, and names it with both hashes', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'frontdesk-models-'));
      try {
        await cp(join(store.dir, zh!.id), join(folder, zh!.id), { recursive: true });
        const path = join(folder, zh!.id, zh!.revision, MODEL_FILE);
        const bytes = await readFile(path);
        bytes[bytes.length - 1]! ^= 1;
        await writeFile(path, bytes);
        await expect(start({ MODELS_DIR: folder })).rejects.toMatchObject({
          message: expect.stringMatching(/model\.onnx[\s\S]*[0-9a-f]{64}[\s\S]*[0-9a-f]{64}/) as string,
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});
