/** Understanding from the outside: a text analysed and explained, the taxonomy, trainings and corrections. */
import { Body, Controller, Param, Query } from '@nestjs/common';
import { NluService, PutMode } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import { z } from 'zod';
import { batches } from '../batches.js';
import { Route } from '../route.js';
import { bot, botInBody, line, locale, ofBot, prose, type BotInBody, type OfBot } from '../schemas.js';
import { analysisOf, analysisSchema, type AnalysisJson } from '../understanding.json.js';
import { bulkLimit } from '../web-server.js';
import * as json from './nlu.json.js';

const tag = 'Understanding';
const allow = ['channel', 'admin'] as const;
/** Agents correct what was understood of their customers, and choose from the bot's intents. */
const allowAgents = [...allow, 'agent'] as const;

const utterance = z.strictObject({
  text: prose(8_000),
  locale: locale.optional().describe('Expected language; detected when absent.'),
  bot: bot.optional(),
});
const explained = utterance.extend({
  intent: json.intentName.optional().describe('The intent to explain; the one that was read when absent.'),
});
const taxonomyQuery = ofBot.extend({
  examples: z.enum(['true', 'false']).optional().describe('`false`: the names alone, to choose from.'),
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
    intent: json.intentName.optional(),
    emotion: z.enum(json.emotions).optional(),
    bot: bot.optional(),
  })
  .refine(({ intent, emotion }) => intent ?? emotion, 'must correct the intent, the emotion or both');

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

  @Route('POST', '/v1/nlu/explain', {
    tag,
    summary: 'Tell why a text is understood as it is; quotes training examples.',
    allow: ['admin'],
    body: explained,
    answer: json.explanationSchema,
  })
  async explain(@Body() body: z.output<typeof explained>): Promise<json.ExplanationJson> {
    return json.explanationOf(await this.nlu.explain(body));
  }

  @Route('GET', '/v1/nlu/intents', {
    tag,
    summary: "Read a bot's taxonomy with its examples.",
    allow: allowAgents,
    query: taxonomyQuery,
    answer: taxonomy,
  })
  async intents(
    @Query() { bot = '', examples = 'true' }: z.output<typeof taxonomyQuery>,
  ): Promise<z.input<typeof taxonomy>> {
    const intents = (await this.nlu.getIntents({ bot })).intents.map(json.intentOf);
    return {
      intents: examples === 'true' ? intents : intents.map((intent) => ({ ...intent, examples: {} })),
    };
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
    allow: allowAgents,
    body: correction,
    answer: started,
    status: 202,
  })
  async feedback(@Body() body: z.output<typeof correction>): Promise<z.input<typeof started>> {
    const { jobId } = await this.nlu.addFeedback(body);
    return { jobId };
  }
}
