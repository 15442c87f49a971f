/** Labelled examples from the outside: out for people who label elsewhere, and back in. */
import { Body, Controller, Query, Res } from '@nestjs/common';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { batches } from '../batches.js';
import { Route } from '../route.js';
import { bot, ofBot, type OfBot } from '../schemas.js';
import { bulkLimit } from '../web-server.js';
import { labelingConfig, readTasks, taskOf, taskSchema } from './label-studio.js';

const tag = 'Understanding';
const allow = ['admin'] as const;
const jsonLines = 'application/x-ndjson';
const xml = 'application/xml';

const exportQuery = ofBot.extend({
  format: z
    .enum(['label-studio', 'jsonl'])
    .optional()
    .describe(
      '`label-studio`, as when absent: tasks to import there; `jsonl`: {text, language, intent?, emotion?}.',
    ),
});
const exported = z.array(taskSchema);
const newTasks = z.strictObject({ bot: bot.optional(), tasks: z.array(taskSchema).max(100_000) });
const report = z
  .strictObject({
    imported: z.int().describe('Texts stored, with an intent, an emotion or both.'),
    warnings: z.array(z.string()).describe('What an editor should look at: contradictions, empty texts.'),
    jobId: z.string().optional().describe('The training that learns them; absent when nothing was stored.'),
  })
  .meta({ id: 'LabelImport' });

@Controller()
export class ExampleController {
  constructor(@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>) {}

  @Route('GET', '/v1/nlu/examples', {
    tag,
    summary: "Export a bot's labelled examples.",
    allow,
    query: exportQuery,
    answer: exported,
    produces: [jsonLines],
    patience: 'bulk',
  })
  async export(
    @Query() { bot = '', format = 'label-studio' }: z.output<typeof exportQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof exported> | string> {
    const { examples } = await this.nlu.exportExamples({ bot });
    if (format === 'label-studio') return examples.map(taskOf);
    reply.header('content-type', jsonLines);
    return examples
      .map(({ text, language, intent, emotion }) =>
        JSON.stringify({ text, language, ...(intent && { intent }), ...(emotion && { emotion }) }),
      )
      .map((row) => `${row}\n`)
      .join('');
  }

  @Route('GET', '/v1/nlu/examples/labeling-config', {
    tag,
    summary: "Write the Label Studio interface for a bot's intents.",
    allow,
    query: ofBot,
    produces: [xml],
  })
  async labelingConfig(
    @Query() { bot = '' }: OfBot,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { intents } = await this.nlu.getIntents({ bot });
    reply.header('content-type', xml);
    return labelingConfig(intents.map(({ name }) => name));
  }

  @Route('POST', '/v1/nlu/examples/import', {
    tag,
    summary: 'Import tasks labelled in Label Studio; starts a training.',
    allow,
    body: newTasks,
    bodyLimit: bulkLimit,
    answer: report,
    patience: 'bulk',
  })
  async import(@Body() { bot = '', tasks }: z.output<typeof newTasks>): Promise<z.input<typeof report>> {
    const { examples, warnings } = readTasks(tasks);
    const total = { imported: 0, warnings: [...warnings], jobId: '' };
    // What is said of one text travels together: only so are its contradictions seen.
    const byText = Map.groupBy(examples, ({ text }) => text.trim());
    for (const part of batches([...byText.values()], (own) => own)) {
      const { imported, warnings, jobId } = await this.nlu.importExamples({ bot, examples: part.flat() });
      total.imported += imported;
      total.warnings.push(...warnings);
      total.jobId = jobId || total.jobId;
    }
    const { jobId, ...counted } = total;
    return { ...counted, ...(jobId && { jobId }) };
  }
}
