/** How a bot understands, from the outside: its encoder, its gate, its own entities. */
import { Body, Controller, Query } from '@nestjs/common';
import { NluService, type Settings } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import { z } from 'zod';
import { Route } from '../route.js';
import { line, ofBot, type OfBot } from '../schemas.js';

const tag = 'Understanding';
const allow = ['admin'] as const;
/** Settings are one call, and a call carries 4 MiB. */
const mostBytes = 3 * 1024 * 1024;
const encoders = ['per_language', 'multilingual', 'lexical'] as const;

const type = line(50).describe('snake_case, e.g. product.');
const entityDefinition = z.union([
  z.strictObject({
    type,
    pattern: line(500).describe(
      'RE2 syntax, capitals ignored; the value is its first group, or the whole match.',
    ),
  }),
  z.strictObject({
    type,
    values: z
      .array(
        z.strictObject({
          value: line(100).describe('The normal form.'),
          synonyms: z.array(line(100)).max(100).optional().describe('Other words for it.'),
        }),
      )
      .min(1)
      .max(50_000),
  }),
]);
const settingsSchema = z
  .strictObject({
    encoder: z.enum(encoders).optional().describe('As configured for the installation when absent.'),
    gateMargin: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('What an intent may lose of its held-out recall before a new version is refused.'),
    entities: z.array(entityDefinition).max(100).describe("Entities of the bot's own, products among them."),
  })
  .meta({ id: 'NluSettings' });
const putAnswer = settingsSchema.extend({
  jobId: z.string().optional().describe('The training that another encoder started.'),
});

type SettingsJson = z.output<typeof settingsSchema>;

@Controller()
export class SettingsController {
  constructor(@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>) {}

  @Route('GET', '/v1/nlu/settings', {
    tag,
    summary: 'Read how a bot understands.',
    allow,
    query: ofBot,
    answer: settingsSchema,
  })
  async read(@Query() { bot = '' }: OfBot): Promise<SettingsJson> {
    const { settings } = await this.nlu.getSettings({ bot });
    return settingsOf(settings!);
  }

  @Route('PUT', '/v1/nlu/settings', {
    tag,
    summary: 'Replace how a bot understands; another encoder starts a training.',
    allow,
    query: ofBot,
    body: settingsSchema,
    bodyLimit: mostBytes,
    answer: putAnswer,
    patience: 'bulk',
  })
  async put(
    @Query() { bot = '' }: OfBot,
    @Body() { encoder, gateMargin, entities }: SettingsJson,
  ): Promise<z.input<typeof putAnswer>> {
    const { settings, jobId } = await this.nlu.putSettings({
      bot,
      settings: { ...(encoder && { encoder }), ...(gateMargin !== undefined && { gateMargin }), entities },
    });
    return { ...settingsOf(settings!), ...(jobId && { jobId }) };
  }
}

function settingsOf({ encoder, gateMargin, entities }: Settings): SettingsJson {
  const chosen = encoders.find((known) => known === encoder);
  return {
    ...(chosen && { encoder: chosen }),
    ...(gateMargin !== undefined && { gateMargin }),
    entities: entities.map(({ type, pattern, values }) =>
      pattern
        ? { type, pattern }
        : {
            type,
            values: values.map(({ value, synonyms }) => ({
              value,
              ...(synonyms.length > 0 && { synonyms }),
            })),
          },
    ),
  };
}
