/** Understanding from the outside: analysis of a text, the taxonomy, trainings, models and corrections. */
import { Body, Controller, Param, Query } from '@nestjs/common';
import { NluService, PutMode } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import { z } from 'zod';
import { batches } from '../batches.js';
import { Route } from '../route.js';
import { bot, line, locale, prose } from '../schemas.js';
import { analysisOf, analysisSchema, type AnalysisJson } from '../understanding.json.js';
import { bulkLimit } from '../web-server.js';
import * as json from './nlu.json.js';

const tag = 'Understanding';
const allow = ['channel', 'admin'] as const;

const ofBot = z.strictObject({ bot: bot.optional() });
const utterance = z.strictObject({
  text: prose(8_000),
  locale: locale.optional().describe('Expected language; detected when absent.'),
  bot: bot.optional(),
});
const taxonomy = z.strictObject({ intents: z.array(json.intentSchema) });
const newTaxonomy = z.strictObject({
  intents: z.array(json.intentSchema).max(5_000),
  mode: z.enum(['replace', 'merge']).optional().describe('`merge` adds to what is there.'),
});
const stored = z.strictObject({
  intents: z.int(),
  examples: z.int(),
  warnings: z.array(z.string()).describe('What an editor should look at.'),
  jobId: z.string().describe('The training that was started.'),
});
const started = z.strictObject({ jobId: z.string() });
const correction = z
  .strictObject({
    messageId: line(128).optional(),
    text: prose(8_000),
    intent: line(64).optional(),
    emotion: z.enum(['angry', 'anxious', 'sad', 'happy', 'neutral']).optional(),
    bot: bot.optional(),
  })
  .refine(({ intent, emotion }) => intent ?? emotion, 'must correct the intent, the emotion or both');
const models = z.strictObject({ models: z.array(json.modelSchema) });
const botInBody = z.strictObject({ bot: bot.optional() }).optional();

type OfBot = z.output<typeof ofBot>;
type BotInBody = z.output<typeof botInBody>;

@Controller()
export class NluController {
  constructor(@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>) {}

  @Route('POST', '/v1/nlu/analyze', {
    tag,
    summary: 'Understand one text: intent, emotion, entities, language.',
    allow,
    body: utterance,
    answer: analysisSchema,
  })
  async analyze(@Body() body: z.output<typeof utterance>): Promise<AnalysisJson> {
    const { understanding } = await this.nlu.analyze(body);
    return analysisOf(understanding!);
  }

  @Route('GET', '/v1/nlu/intents', {
    tag,
    summary: "Read a bot's taxonomy with its examples.",
    allow,
    query: ofBot,
    answer: taxonomy,
  })
  async intents(@Query() { bot = '' }: OfBot): Promise<z.input<typeof taxonomy>> {
    const { intents } = await this.nlu.getIntents({ bot });
    return { intents: intents.map(json.intentOf) };
  }

  @Route('PUT', '/v1/nlu/intents', {
    tag,
    summary: 'Replace or extend the taxonomy; starts a training.',
    allow,
    query: ofBot,
    body: newTaxonomy,
    bodyLimit: bulkLimit,
    answer: stored,
    patience: 'bulk',
  })
  async putIntents(
    @Query() { bot = '' }: OfBot,
    @Body() { intents, mode = 'replace' }: z.output<typeof newTaxonomy>,
  ): Promise<z.input<typeof stored>> {
    const warnings: string[] = [];
    const parts = batches(intents, (intent) => intent);
    const put = (part: readonly json.IntentJson[], mode: PutMode) =>
      this.nlu.putIntents({ bot, intents: part.map(json.toIntent), mode });
    let result = await put(parts[0] ?? [], mode === 'merge' ? PutMode.MERGE : PutMode.REPLACE);
    warnings.push(...result.warnings);
    for (const part of parts.slice(1)) {
      result = await put(part, PutMode.MERGE);
      warnings.push(...result.warnings);
    }
    return { intents: result.intents, examples: result.examples, warnings, jobId: result.jobId };
  }

  @Route('POST', '/v1/nlu/train', {
    tag,
    summary: 'Start a training, or name the one under way.',
    allow,
    body: botInBody,
    answer: started,
    status: 202,
  })
  async train(@Body() body: BotInBody): Promise<z.input<typeof started>> {
    const { jobId } = await this.nlu.train({ bot: body?.bot ?? '' });
    return { jobId };
  }

  @Route('GET', '/v1/nlu/jobs/:id', {
    tag,
    summary: 'Read the state of a training.',
    allow,
    answer: json.jobSchema,
  })
  async job(@Param('id') jobId: string): Promise<json.JobJson> {
    return json.jobOf(await this.nlu.getJob({ jobId }));
  }

  @Route('POST', '/v1/nlu/feedback', {
    tag,
    summary: 'Correct what was understood; takes effect by itself, as a new version.',
    allow,
    body: correction,
    answer: started,
    status: 202,
  })
  async feedback(@Body() body: z.output<typeof correction>): Promise<z.input<typeof started>> {
    const { jobId } = await this.nlu.addFeedback(body);
    return { jobId };
  }

  @Route('GET', '/v1/nlu/models', {
    tag,
    summary: "List a bot's trained versions, newest first.",
    allow,
    query: ofBot,
    answer: models,
  })
  async models(@Query() { bot = '' }: OfBot): Promise<z.input<typeof models>> {
    const found = await this.nlu.listModels({ bot });
    return { models: found.models.map(json.modelOf) };
  }

  @Route('POST', '/v1/nlu/models/:version/activate', {
    tag,
    summary: 'Make a version the one that answers.',
    allow,
    body: botInBody,
    answer: json.modelSchema,
  })
  async activate(@Param('version') version: string, @Body() body: BotInBody): Promise<json.ModelJson> {
    const { model } = await this.nlu.activateModel({ bot: body?.bot ?? '', version });
    return json.modelOf(model!);
  }
}
