import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { TimestampSchema, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { tenantTopic } from '@frontdesk/contracts';
import { TenantEventSchema } from '@frontdesk/contracts/events/v1/tenant_events';
import {
  ImportOutcome,
  KnowledgeService,
  type Article,
  type ArticleSchema,
  type Passage,
} from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { newId } from '@frontdesk/core';
import type { RpcClient } from '@frontdesk/rpc';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWith, freshDatabase } from '@frontdesk/testing/servers';
import { knowledge } from '../src/index.js';

type ArticleInit = MessageInitShape<typeof ArticleSchema>;

const DAY_MS = 86_400_000;

const warranty: ArticleInit = {
  title: 'Warranty periods',
  questions: ['How long is the warranty?', 'Is my kettle still covered?'],
  answer: 'Two years on every appliance, counted from delivery.',
  locale: 'en',
  tags: ['service'],
};
const postage: ArticleInit = {
  title: 'International shipping cost',
  questions: ['How much is postage abroad?'],
  answer: 'Nine euros ninety, and nothing from eighty euros on.',
  locale: 'en',
};
const invoices: ArticleInit = {
  title: '怎么开发票',
  questions: ['发票在哪里申请', '能开专票吗'],
  answer: '在订单详情页点“申请发票”，电子发票 24 小时内发到您的邮箱。',
  locale: 'zh',
};

/** One tenant's editor and customers at a running service. */
class Shop {
  readonly tenantId = `t-${newId()}`;
  private readonly client: RpcClient<typeof KnowledgeService>;

  constructor(private readonly mesh: TestMesh) {
    this.client = mesh.client(KnowledgeService);
  }

  ask<T>(work: (client: RpcClient<typeof KnowledgeService>) => Promise<T>): Promise<T> {
    return this.mesh.as({ tenantId: this.tenantId }, () => work(this.client));
  }

  async create(article: ArticleInit): Promise<Article> {
    return (await this.ask((client) => client.createArticle({ article }))).article!;
  }

  async update(article: ArticleInit, expectedVersion = 0): Promise<Article> {
    return (await this.ask((client) => client.updateArticle({ article, expectedVersion }))).article!;
  }

  async get(id: string, version = 0): Promise<Article> {
    return (await this.ask((client) => client.getArticle({ id, version }))).article!;
  }

  async delete(id: string, expectedVersion = 0): Promise<void> {
    await this.ask((client) => client.deleteArticle({ id, expectedVersion }));
  }

  async search(query: string, locale = ''): Promise<Passage[]> {
    return (await this.ask((client) => client.search({ query, locale }, { timeoutMs: 30_000 }))).passages;
  }

  async import(articles: ArticleInit[]) {
    return (await this.ask((client) => client.importArticles({ articles }, { timeoutMs: 60_000 }))).rows;
  }

  async titles(): Promise<string[]> {
    const titles: string[] = [];
    let cursor = '';
    do {
      const page = await this.ask((client) => client.listArticles({ limit: 2, cursor }));
      titles.push(...page.articles.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor);
    return titles;
  }
}

function behavesWell(start: () => Promise<{ mesh: TestMesh; end: () => Promise<void> }>): void {
  let mesh: TestMesh;
  let end: () => Promise<void>;
  let shop: Shop;

  beforeAll(async () => ({ mesh, end } = await start()));
  afterAll(() => end());
  beforeEach(() => (shop = new Shop(mesh)));

  describe('articles', () => {
    it('gives back what was stored, as version 1', async () => {
      const validFrom = timestampFromMs(Date.UTC(2026, 0, 1));
      const stored = await shop.create({ ...warranty, validFrom, externalId: 'w-1' });
      expect(stored).toMatchObject({ ...warranty, version: 1, externalId: 'w-1' });
      expect(stored.validFrom?.seconds).toBe(validFrom.seconds);
      expect(stored.validTo).toBeUndefined();
      expect(await shop.get(stored.id)).toEqual(stored);
    });

    it('keeps every version, after the deletion too', async () => {
      const { id } = await shop.create(warranty);
      await shop.update({ ...warranty, id, answer: 'Three years.' });
      await shop.delete(id);
      expect((await shop.get(id, 1)).answer).toBe(warranty.answer);
      expect((await shop.get(id, 2)).answer).toBe('Three years.');
      await expect(shop.get(id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(shop.get(id, 3)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('lets one of two editors who saw the same version win', async () => {
      const { id } = await shop.create(warranty);
      const answers = ['Mine.', 'Yours.', 'Theirs.'];
      const outcomes = await Promise.allSettled(
        answers.map((answer) => shop.update({ ...warranty, id, answer }, 1)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'failed_precondition' });
      }
      expect((await shop.get(id)).version).toBe(2);
      await expect(shop.delete(id, 1)).rejects.toMatchObject({ code: 'failed_precondition' });
    });

    it('pages through all of them once, without deleted ones', async () => {
      const titles = ['a', 'b', 'c', 'd', 'e'];
      for (const title of titles) await shop.create({ ...warranty, title });
      const { id } = await shop.create({ ...warranty, title: 'gone' });
      await shop.delete(id);
      expect((await shop.titles()).sort()).toEqual(titles);
    });

    it('lets an external id stand once, and again after the deletion', async () => {
      const { id } = await shop.create({ ...warranty, externalId: 'same' });
      await expect(shop.create({ ...postage, externalId: 'same' })).rejects.toMatchObject({
        code: 'already_exists',
      });
      await shop.delete(id);
      await expect(shop.create({ ...postage, externalId: 'same' })).resolves.toMatchObject({ version: 1 });
    });

    it.each<[string, ArticleInit]>([
      ['title', { ...warranty, title: ' ' }],
      ['title', { ...warranty, title: 'x'.repeat(201) }],
      ['questions', { ...warranty, questions: Array.from({ length: 101 }, (_, i) => `q${i}`) }],
      ['questions[1]', { ...warranty, questions: ['fine', 'x'.repeat(501)] }],
      ['answer', { ...warranty, answer: '' }],
      ['answer', { ...warranty, answer: 'x'.repeat(20_001) }],
      ['answer', { ...warranty, answer: 'nul\u0000' }],
      ['locale', { ...warranty, locale: 'not a locale' }],
      ['tags', { ...warranty, tags: Array.from({ length: 33 }, (_, i) => `t${i}`) }],
      ['validTo', { ...warranty, validFrom: timestampFromMs(2), validTo: timestampFromMs(1) }],
      ['validTo', { ...warranty, validTo: create(TimestampSchema, { seconds: 9_000_000_000_000n }) }],
    ])('refuses a wrong %s and names it', async (field, article) => {
      const refusal = await shop.create(article).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'invalid_argument', fields: [{ field }] });
    });

    it('stores what looks like an attack as the text it is', async () => {
      const nasty = `'); DROP TABLE articles; -- & | ! :* <-> \\ 🧨 ${String.fromCharCode(0xd83d)}`;
      const stored = await shop.create({ ...warranty, title: nasty, tags: [nasty] });
      expect((await shop.get(stored.id)).title).toBe(nasty.toWellFormed());
    });
  });

  describe('tenants', () => {
    it('answers a foreign id as an unknown one', async () => {
      const { id } = await shop.create(warranty);
      const stranger = new Shop(mesh);
      const foreign = [
        stranger.get(id),
        stranger.get(id, 1),
        stranger.update({ ...warranty, id }),
        stranger.delete(id),
      ];
      for (const refused of await Promise.allSettled(foreign)) {
        expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
      }
      expect(await stranger.titles()).toEqual([]);
      expect(await shop.get(id)).toMatchObject({ version: 1 });
    });

    it('finds nothing of another tenant', async () => {
      await shop.create(warranty);
      const stranger = new Shop(mesh);
      await stranger.create({ ...warranty, answer: 'Ours: five years.' });
      expect(await shop.search('How long is the warranty?', 'en')).toMatchObject([{ text: warranty.answer }]);
      expect(await new Shop(mesh).search('How long is the warranty?', 'en')).toEqual([]);
    });

    it('is refused without a tenant', async () => {
      const search = mesh.client(KnowledgeService).search({ query: 'warranty' });
      await expect(search).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('keeps nothing of an erased tenant, not even in memory', async () => {
      const { id } = await shop.create(warranty);
      const neighbour = new Shop(mesh);
      await neighbour.create(warranty);
      expect(await shop.search('warranty')).toHaveLength(1);
      await erase(mesh, shop.tenantId);
      await eventually('the tenant is erased', async () => (await shop.titles()).length === 0);
      await expect(shop.get(id, 1)).rejects.toMatchObject({ code: 'not_found' });
      expect(await shop.search('warranty')).toEqual([]);
      await shop.create(postage);
      expect(await shop.search('How long is the warranty?')).toEqual([]);
      expect(await neighbour.titles()).toEqual([warranty.title]);
    });
  });

  describe('search', () => {
    it('finds the article that answers, best first, with a score that says so', async () => {
      await shop.import([warranty, postage, invoices]);
      const [best] = await shop.search('my kettle broke, how long is the warranty period', 'en');
      expect(best).toMatchObject({
        title: warranty.title,
        text: warranty.answer,
        locale: 'en',
        articleVersion: 1,
      });
      expect(best!.score).toBeGreaterThanOrEqual(0.5);
      expect((await shop.search('哪里可以开发票', 'zh'))[0]).toMatchObject({ title: invoices.title });
    });

    it('sees each change at once', async () => {
      const { id } = await shop.create(warranty);
      expect((await shop.search('warranty'))[0]!.text).toBe(warranty.answer);
      await shop.update({ ...warranty, id, answer: 'Three years.' });
      expect((await shop.search('warranty'))[0]).toMatchObject({ text: 'Three years.', articleVersion: 2 });
      await shop.update({ ...invoices, id });
      expect((await shop.search('发票', 'zh'))[0]).toMatchObject({ articleId: id, articleVersion: 3 });
      expect(await shop.search('warranty', 'en')).toEqual([]);
      await shop.delete(id);
      expect(await shop.search('发票', 'zh')).toEqual([]);
    });

    it('finds only what is valid now', async () => {
      const now = Date.now();
      const [past, future] = [timestampFromMs(now - DAY_MS), timestampFromMs(now + DAY_MS)];
      await shop.create({ ...warranty, title: 'Warranty of old', validTo: past });
      await shop.create({ ...warranty, title: 'Warranty to come', validFrom: future });
      await shop.create({ ...warranty, title: 'Warranty of today', validFrom: past, validTo: future });
      expect((await shop.search('warranty')).map(({ title }) => title)).toEqual(['Warranty of today']);
    });

    it('answers in the language asked for, in another only when that one has nothing', async () => {
      await shop.import([
        invoices,
        { ...warranty, title: 'How to get an invoice', questions: ['Where is my invoice?'] },
      ]);
      expect((await shop.search('invoice 发票', 'zh-CN'))[0]!.locale).toBe('zh');
      expect((await shop.search('invoice 发票', 'en'))[0]!.locale).toBe('en');
      const chineseOnly = new Shop(mesh);
      await chineseOnly.import([invoices, { ...postage, title: 'Postage' }]);
      expect((await chineseOnly.search('where do I apply for an invoice', 'en'))[0]).toMatchObject({
        locale: 'zh',
      });
    });

    it('finds a passage deep in a long answer', async () => {
      const filler = 'Nothing of interest stands in this paragraph, which is here to be long.\n\n'.repeat(60);
      const answer = `${filler}The platypus desk folds to forty centimetres.\n\n${filler}`;
      const { id } = await shop.create({ ...warranty, title: 'Handbook', questions: [], answer });
      const [best, ...others] = await shop.search('how far does the platypus desk fold', 'en');
      expect(best).toMatchObject({ articleId: id, text: expect.stringContaining('platypus') });
      expect(best!.text.length).toBeLessThan(1_600);
      expect(others.every(({ text }) => !text.includes('platypus'))).toBe(true);
    });

    it.each([
      `' & | ! :* <-> warranty`,
      `warranty'); DROP TABLE articles; --`,
      'warranty \\ \' " % _ $1 ${x} {{y}}',
      '🧨 warranty 🎉',
      'ＷＡＲＲＡＮＴＹ',
      `warranty${String.fromCharCode(0xd83d)} warranty`,
    ])('takes %j as words', async (query) => {
      await shop.create(warranty);
      expect((await shop.search(query))[0]).toMatchObject({ title: warranty.title });
    });

    it.each(['???', '🎉🎉', '的了吗', 'the of and', '\n\t.', `' & | ! :* <->`])(
      'finds nothing for %j',
      async (query) => {
        await shop.create(warranty);
        expect(await shop.search(query)).toEqual([]);
      },
    );

    it('takes a query of 8,000 characters', async () => {
      await shop.create(warranty);
      expect((await shop.search('warranty 保修'.repeat(800).slice(0, 8_000)))[0]).toMatchObject({
        title: warranty.title,
      });
    });

    it('refuses an empty query, a too long one and a too large limit', async () => {
      const refused = [
        shop.search('  '),
        shop.search('x'.repeat(8_001)),
        shop.ask((client) => client.search({ query: 'x', limit: 51 })),
      ];
      for (const outcome of await Promise.allSettled(refused)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'invalid_argument' } });
      }
    });
  });

  describe('import', () => {
    it('reports on each row in order, storing the good ones', async () => {
      const rows = await shop.import([warranty, { ...postage, title: '' }, { ...invoices, externalId: 'i' }]);
      expect(rows.map(({ outcome }) => outcome)).toEqual([
        ImportOutcome.CREATED,
        ImportOutcome.REFUSED,
        ImportOutcome.CREATED,
      ]);
      expect(rows[1]).toMatchObject({
        articleId: '',
        error: expect.stringContaining('title must not be empty'),
      });
      expect(await shop.get(rows[2]!.articleId)).toMatchObject({ title: invoices.title, externalId: 'i' });
    });

    it('changes nothing the second time, with external ids or without', async () => {
      const articles = [warranty, { ...invoices, externalId: 'i' }];
      const first = await shop.import(articles);
      const second = await shop.import(articles);
      expect(second.map(({ outcome }) => outcome)).toEqual([
        ImportOutcome.UNCHANGED,
        ImportOutcome.UNCHANGED,
      ]);
      expect(second.map(({ articleId }) => articleId)).toEqual(first.map(({ articleId }) => articleId));
      expect(await shop.titles()).toHaveLength(2);
    });

    it('stores the next version of a known external id, twice in one import too', async () => {
      const rows = await shop.import([
        { ...warranty, externalId: 'w' },
        { ...warranty, externalId: 'w', answer: 'Three years.' },
        postage,
        { ...warranty, externalId: 'w', answer: 'Four years.' },
      ]);
      expect(rows.map(({ outcome }) => outcome)).toEqual([
        ImportOutcome.CREATED,
        ImportOutcome.UPDATED,
        ImportOutcome.CREATED,
        ImportOutcome.UPDATED,
      ]);
      expect(await shop.get(rows[0]!.articleId)).toMatchObject({ version: 3, answer: 'Four years.' });
      expect((await shop.search('warranty', 'en'))[0]!.text).toBe('Four years.');
    });

    it('takes a thousand rows and refuses more than ten thousand', async () => {
      const many = Array.from({ length: 1_000 }, (_, i) => ({ ...postage, title: `Postage to zone ${i}` }));
      const rows = await shop.import(many);
      expect(new Set(rows.map(({ articleId }) => articleId)).size).toBe(1_000);
      expect((await shop.search('postage to zone 777', 'en'))[0]!.title).toBe('Postage to zone 777');
      const tooMany = Array.from({ length: 10_001 }, () => postage);
      await expect(shop.import(tooMany)).rejects.toMatchObject({ code: 'invalid_argument' });
    });
  });
}

async function erase(mesh: TestMesh, tenantId: string): Promise<void> {
  const event = create(TenantEventSchema, { tenantId, fact: { case: 'erased', value: {} } });
  const payload = toBinary(TenantEventSchema, event);
  const record = {
    id: newId(),
    topic: tenantTopic.name,
    key: tenantId,
    payload,
    tenantId,
    occurredAt: Date.now(),
    headers: {},
  };
  await mesh.process.bus.publish([record]);
}

describe('knowledge on the embedded database', () => {
  behavesWell(async () => {
    const mesh = await startMesh([knowledge]);
    return { mesh, end: () => mesh.stop() };
  });
});

describeWith('postgres', 'knowledge on PostgreSQL', () => {
  behavesWell(async () => {
    const database = await freshDatabase();
    const mesh = await startMesh([knowledge], { environment: { DATABASE_URL: database.url } });
    return { mesh, end: () => mesh.stop().finally(() => database.drop()) };
  });

  describe('in two processes', () => {
    it('sees in one what was changed in the other', async () => {
      await using database = await freshDatabase();
      const environment = { DATABASE_URL: database.url, KNOWLEDGE_STALE_MS: '0' };
      const [here, there] = [
        await startMesh([knowledge], { environment }),
        await startMesh([knowledge], { environment }),
      ];
      try {
        const editor = new Shop(here);
        const customer = Object.assign(new Shop(there), { tenantId: editor.tenantId });
        const { id } = await editor.create(warranty);
        expect((await customer.search('warranty'))[0]!.articleVersion).toBe(1);
        await editor.update({ ...warranty, id, answer: 'Three years.' });
        expect((await customer.search('warranty'))[0]!.text).toBe('Three years.');
        await editor.delete(id);
        expect(await customer.search('warranty')).toEqual([]);

        await editor.create(postage);
        expect(await customer.search('postage')).toHaveLength(1);
        await erase(here, editor.tenantId);
        await eventually('the tenant is erased', async () => (await editor.titles()).length === 0);
        await editor.create(warranty);
        expect(await customer.search('postage')).toEqual([]);
        expect(await customer.search('warranty')).toHaveLength(1);
      } finally {
        await there.stop();
        await here.stop();
      }
    });
  });
});

describe('a knowledge base with limits', () => {
  it('is full at its number of passages, and lets others search when memory is full', async () => {
    const environment = { KNOWLEDGE_PASSAGES_PER_TENANT: '2', KNOWLEDGE_PASSAGES_IN_MEMORY: '2' };
    const mesh = await startMesh([knowledge], { environment });
    try {
      const shop = new Shop(mesh);
      const rows = await shop.import([warranty, postage, invoices]);
      expect(rows.map(({ outcome }) => outcome).at(-1)).toBe(ImportOutcome.REFUSED);
      await expect(shop.create(invoices)).rejects.toMatchObject({ code: 'resource_exhausted' });
      await shop.delete(rows[0]!.articleId);
      const { id } = await shop.create(invoices);
      await expect(shop.update({ ...invoices, id, answer: 'Long. '.repeat(1_000) })).rejects.toMatchObject({
        code: 'resource_exhausted',
      });
      const other = new Shop(mesh);
      await other.create(warranty);
      for (const round of [1, 2]) {
        expect([round, (await shop.search('发票', 'zh'))[0]?.articleId]).toEqual([round, id]);
        expect([round, (await other.search('warranty'))[0]?.title]).toEqual([round, warranty.title]);
      }
    } finally {
      await mesh.stop();
    }
  });
});
