/** Stand in for nlu, knowledge and handoff: what they were asked is kept, what they answer is fixed. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { HandoffState, Role } from '@frontdesk/contracts/common/v1/conversation';
import { AgentStatus, HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import {
  ImportOutcome,
  KnowledgeService,
  type Article,
} from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import {
  JobStatus,
  NluService,
  PutMode,
  type Intent,
  type LabelledExample,
  type ModelSchema,
  type Settings,
} from '@frontdesk/contracts/nlu/v1/nlu_service';
import { AppError, currentContext, newId, requireTenant } from '@frontdesk/core';
import { fake } from '@frontdesk/testing';

export class FakeNlu {
  readonly intents = new Map<string, Intent[]>();
  readonly puts: { mode: PutMode; intents: number }[] = [];
  readonly corrections: object[] = [];
  readonly asked: object[] = [];
  /** The examples of each call of an import. */
  readonly imports: LabelledExample[][] = [];
  examples: LabelledExample[] = [];
  settings: Settings | undefined;

  readonly service = fake(NluService, {
    analyze: ({ text }) => ({
      understanding: {
        language: 'en',
        intent: { name: text.includes('?') ? 'question' : 'out_of_scope', confidence: 0.7 },
        alternatives: [{ name: 'greeting', confidence: 0.2 }],
        emotion: { name: 'happy', confidence: 0.6 },
        sentiment: 0.5,
        entities: [],
        model: 'neural-3',
        tier: 'neural',
        embedding: [0.6, 0.8],
        requests: text.includes(' and ')
          ? [
              { intent: { name: 'question', confidence: 0.8 }, start: 0, end: text.indexOf(' and ') },
              {
                intent: { name: 'refund', confidence: 0.7 },
                start: text.indexOf(' and ') + 5,
                end: text.length,
              },
            ]
          : [],
      },
    }),
    explain: (request) => {
      this.asked.push(request);
      return {
        understanding: { language: 'en', model: 'neural-3', tier: 'neural', embedding: [0.6, 0.8] },
        intent: request.intent || 'refund',
        neighbours: [{ text: 'I want a refund', intent: 'refund', similarity: 0.91 }],
        evidence: [{ text: 'refund', weight: 1.5 }],
        voices: { embedding: -0.1, lexical: -0.4, neighbours: -0.2 },
      };
    },
    compareModels: (request) => {
      this.asked.push(request);
      return {
        base: model({ version: request.base || 'neural-3', active: true }),
        candidate: model({ version: request.candidate, status: 'refused', note: 'refund lost too much' }),
        intents: [
          {
            intent: 'refund',
            baseRecall: 0.9,
            candidateRecall: 0.5,
            baseExamples: 10,
            candidateExamples: 12,
          },
        ],
      };
    },
    pinModel: ({ bot, version }) => {
      this.asked.push({ bot, version });
      if (version === 'neural-99') throw new AppError('not_found', 'There is no such model.');
      return { model: model({ version: version || 'neural-4', active: true, pinned: version !== '' }) };
    },
    rollBack: ({ bot }) => {
      this.asked.push({ bot });
      return { model: model({ version: 'neural-2', active: true }) };
    },
    getSettings: () => ({ settings: this.settings ?? { entities: [] } }),
    putSettings: ({ settings }) => {
      this.settings = settings;
      return { settings: settings!, jobId: settings?.encoder ? 'job-3' : '' };
    },
    exportExamples: () => ({ examples: this.examples }),
    importExamples: ({ examples }) => {
      this.imports.push(examples);
      return { imported: examples.length, warnings: [`part of ${examples.length}`], jobId: 'job-4' };
    },
    getIntents: () => ({ intents: this.intents.get(requireTenant()) ?? [] }),
    putIntents: ({ intents, mode }) => {
      this.puts.push({ mode, intents: intents.length });
      const before = mode === PutMode.MERGE ? (this.intents.get(requireTenant()) ?? []) : [];
      const now = [...before, ...intents];
      this.intents.set(requireTenant(), now);
      return { intents: now.length, examples: 3, warnings: ['few examples'], jobId: 'job-1' };
    },
    train: () => ({ jobId: 'job-1' }),
    getJob: ({ jobId }) => {
      if (jobId !== 'job-1') throw new AppError('not_found', 'There is no such job.');
      return { id: jobId, status: JobStatus.SUCCEEDED, version: 'lexical-4', scores: { accuracy: 0.9 } };
    },
    listModels: () => ({
      models: [model({ version: 'neural-3', active: true, pinned: true, encoders: ['zh@1', 'en@2'] })],
    }),
    activateModel: ({ version }) => ({ model: model({ version, active: true }) }),
    addFeedback: (request) => {
      this.corrections.push(request);
      return { jobId: 'job-2' };
    },
  });
}

function model(given: MessageInitShape<typeof ModelSchema>): MessageInitShape<typeof ModelSchema> {
  return { createdAt: timestampNow(), scores: { accuracy: 0.9 }, status: 'ready', ...given };
}

export class FakeKnowledge {
  readonly articles = new Map<string, Article>();

  readonly service = fake(KnowledgeService, {
    search: ({ query }) => ({
      passages: [
        { id: 'p1', articleId: 'a1', title: 'Returns', text: `About ${query}`, score: 0.9, locale: 'en' },
      ],
    }),
    createArticle: ({ article }) => ({ article: this.store({ ...article!, id: newId(), version: 1 }) }),
    getArticle: ({ id }) => ({ article: this.find(id) }),
    listArticles: () => ({ articles: [...this.articles.values()], nextCursor: '' }),
    updateArticle: ({ article, expectedVersion }) => {
      const before = this.find(article!.id);
      if (expectedVersion && expectedVersion !== before.version)
        throw new AppError('failed_precondition', 'The article has changed.');
      return { article: this.store({ ...article!, version: before.version + 1 }) };
    },
    deleteArticle: ({ id, expectedVersion }) => {
      const before = this.find(id);
      if (expectedVersion && expectedVersion !== before.version)
        throw new AppError('failed_precondition', 'The article has changed.');
      this.articles.delete(id);
      return {};
    },
    importArticles: ({ articles }) => ({
      rows: articles.map((article) => {
        if (article.title === 'taken') return { outcome: ImportOutcome.REFUSED, error: 'the title is taken' };
        const { id } = this.store({ ...article, id: newId(), version: 1 });
        return { outcome: ImportOutcome.CREATED, articleId: id };
      }),
    }),
  });

  private store(article: Article): Article {
    const stored = { ...article, updatedAt: timestampNow() };
    this.articles.set(stored.id, stored);
    return stored;
  }

  private find(id: string): Article {
    const article = this.articles.get(id);
    if (!article) throw new AppError('not_found', 'There is no such article.');
    return article;
  }
}

export class FakeHandoff {
  readonly statuses: object[] = [];
  taken = false;
  /** What the next transfers fail with. */
  readonly refusals: AppError[] = [];

  readonly service = fake(HandoffService, {
    setAgentStatus: (request) => {
      this.statuses.push({ agent: currentContext()!.principal!.id, ...request });
      const { id } = currentContext()!.principal!;
      return {
        agent: {
          id,
          name: request.name || id,
          status: AgentStatus.ONLINE,
          skills: request.skills,
          languages: request.languages,
          capacity: request.capacity || 3,
        },
      };
    },
    listHandoffs: ({ state }) => ({ handoffs: [this.handoff(state)], nextCursor: '' }),
    accept: ({ id }) => {
      if (id !== 'h1') throw new AppError('not_found', 'There is no such handoff.');
      if (this.taken) throw new AppError('failed_precondition', 'Another agent was faster.');
      this.taken = true;
      return { handoff: this.handoff(HandoffState.ACTIVE) };
    },
    transfer: () => {
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      return { handoff: this.handoff(HandoffState.WAITING) };
    },
    return: () => ({ handoff: this.handoff(HandoffState.RETURNED) }),
    close: () => ({ handoff: this.handoff(HandoffState.CLOSED) }),
    watchAgent: (_request, call) => this.watch(call.signal),
  });

  private handoff(state: HandoffState) {
    return {
      id: 'h1',
      conversationId: 'c1',
      state,
      reason: 'angry',
      skill: 'refunds',
      language: 'zh',
      priority: 5,
      position: 1,
      customer: { id: 'u1', name: 'Li', attributes: { tier: 'gold' } },
      summary: 'Wants a refund.',
      createdAt: timestampNow(),
    };
  }

  private async *watch(signal: AbortSignal) {
    yield { event: { case: 'handoff' as const, value: this.handoff(HandoffState.WAITING) } };
    const message = { seq: 3n, role: Role.CUSTOMER, text: 'Hello?', createdAt: timestampNow() };
    yield {
      event: { case: 'customerWrote' as const, value: { handoffId: 'h1', conversationId: 'c1', message } },
    };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  }
}
