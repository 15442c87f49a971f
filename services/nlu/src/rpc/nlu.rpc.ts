/** Understanding, taxonomies and training of `frontdesk.nlu.v1.NluService`. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import * as wire from '@frontdesk/contracts/nlu/v1/nlu_service';
import type { UnderstandingSchema } from '@frontdesk/contracts/common/v1/understanding';
import { Rpc } from '@frontdesk/rpc';
import { NluConfig } from '../config.js';
import { Taxonomies } from '../taxonomy/taxonomies.js';
import { Training } from '../training/training.js';
import { Explanations } from '../understanding/explanation.js';
import { checkText, Understanding, type Reading } from '../understanding/understanding.js';

const { NluService, JobStatus, PutMode } = wire;

const statuses = {
  queued: JobStatus.QUEUED,
  running: JobStatus.RUNNING,
  succeeded: JobStatus.SUCCEEDED,
  failed: JobStatus.FAILED,
} as const;

@Controller()
export class NluRpc {
  constructor(
    private readonly understanding: Understanding,
    private readonly taxonomies: Taxonomies,
    private readonly training: Training,
    private readonly explanations: Explanations,
    private readonly config: NluConfig,
  ) {}

  @Rpc(NluService.method.analyze)
  async analyze({
    text,
    locale,
    bot,
  }: wire.AnalyzeRequest): Promise<MessageInitShape<typeof wire.AnalyzeResponseSchema>> {
    const reading = await this.understanding.analyze(text, locale, this.botOf(bot));
    return { understanding: toWireUnderstanding(text, reading) };
  }

  @Rpc(NluService.method.getIntents)
  async getIntents({
    bot,
  }: wire.GetIntentsRequest): Promise<MessageInitShape<typeof wire.GetIntentsResponseSchema>> {
    const intents = await this.taxonomies.read(this.botOf(bot));
    return {
      intents: intents.map(({ name, parent, examples }) => ({
        name,
        parent,
        examples: mapValues(examples, (texts) => ({ texts: [...texts] })),
      })),
    };
  }

  @Rpc(NluService.method.putIntents)
  async putIntents({
    bot,
    intents,
    mode,
  }: wire.PutIntentsRequest): Promise<MessageInitShape<typeof wire.PutIntentsResponseSchema>> {
    const given = intents.map(({ name, parent, examples }) => ({
      name,
      parent,
      examples: mapValues(examples, ({ texts }) => texts),
    }));
    const stored = await this.taxonomies.put(
      this.botOf(bot),
      given,
      mode === PutMode.MERGE ? 'merge' : 'replace',
    );
    return { ...stored, warnings: [...stored.warnings] };
  }

  @Rpc(NluService.method.train)
  async train({ bot }: wire.TrainRequest): Promise<MessageInitShape<typeof wire.TrainResponseSchema>> {
    return { jobId: await this.training.start(this.botOf(bot)) };
  }

  @Rpc(NluService.method.getJob)
  async getJob({ jobId }: wire.GetJobRequest): Promise<MessageInitShape<typeof wire.GetJobResponseSchema>> {
    const { id, status, version, scores, error } = await this.training.job(jobId);
    return { id, status: statuses[status], version, scores, error };
  }

  @Rpc(NluService.method.explain)
  async explain({
    text,
    locale,
    bot,
    intent,
  }: wire.ExplainRequest): Promise<MessageInitShape<typeof wire.ExplainResponseSchema>> {
    const explanation = await this.explanations.explain(text, locale, this.botOf(bot), intent);
    const { reading, neighbours, evidence, voices } = explanation;
    return {
      understanding: toWireUnderstanding(text, reading),
      intent: explanation.intent,
      neighbours: [...neighbours],
      evidence: [...evidence],
      voices: { ...voices },
    };
  }

  @Rpc(NluService.method.addFeedback)
  async addFeedback({
    bot,
    text,
    intent,
    emotion,
    messageId,
  }: wire.AddFeedbackRequest): Promise<MessageInitShape<typeof wire.AddFeedbackResponseSchema>> {
    checkText(text);
    return {
      jobId: await this.taxonomies.correct({ bot: this.botOf(bot), text, intent, emotion, messageId }),
    };
  }

  private botOf(name: string): string {
    return name || this.config.DEFAULT_BOT;
  }
}

function toWireUnderstanding(text: string, reading: Reading): MessageInitShape<typeof UnderstandingSchema> {
  const { language, intent, alternatives, path, emotion, sentiment, entities, model } = reading;
  const { tier, requests, embedding } = reading;
  return {
    language,
    intent,
    alternatives: [...alternatives],
    intentPath: [...path],
    emotion,
    sentiment,
    entities: entities.map((entity) => ({ ...entity, text: text.slice(entity.start, entity.end) })),
    model,
    tier,
    requests: [...requests],
    ...(embedding && { embedding: [...embedding.vector], encoder: embedding.encoder }),
  };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
