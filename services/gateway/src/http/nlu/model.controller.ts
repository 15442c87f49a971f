/** A bot's trained versions from the outside: which there are, how they differ, and which of them answers. */
import { Body, Controller, Param, Query } from '@nestjs/common';
import { NluService, type Model } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import { z } from 'zod';
import { Route } from '../route.js';
import { botInBody, line, ofBot, type BotInBody, type OfBot } from '../schemas.js';
import * as json from './model.json.js';

const tag = 'Understanding';
const allow = ['channel', 'admin'] as const;
const one = { tag, allow: ['admin'], body: botInBody, answer: json.modelSchema } as const;

const models = z.strictObject({ models: z.array(json.modelSchema) });
const version = line(64);
const pair = ofBot.extend({
  base: version.optional().describe('Version to compare with; the one that answers when absent.'),
  candidate: version.describe('Version to look at.'),
});

@Controller()
export class ModelController {
  constructor(@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>) {}

  @Route('GET', '/v1/nlu/models', {
    tag,
    summary: "List a bot's trained versions, newest first.",
    allow,
    query: ofBot,
    answer: models,
  })
  async list(@Query() { bot = '' }: OfBot): Promise<z.input<typeof models>> {
    const found = await this.nlu.listModels({ bot });
    return { models: found.models.map(json.modelOf) };
  }

  @Route('GET', '/v1/nlu/models/compare', {
    tag,
    summary: 'Tell where two versions differ on held-out examples.',
    allow: ['admin'],
    query: pair,
    answer: json.comparisonSchema,
  })
  async compare(@Query() query: z.output<typeof pair>): Promise<json.ComparisonJson> {
    return json.comparisonOf(await this.nlu.compareModels(query));
  }

  @Route('POST', '/v1/nlu/models/:version/activate', {
    ...one,
    allow,
    summary: 'Make a version the one that answers.',
  })
  async activate(@Param('version') version: string, @Body() body: BotInBody): Promise<json.ModelJson> {
    return answer(await this.nlu.activateModel({ bot: body?.bot ?? '', version }));
  }

  @Route('POST', '/v1/nlu/models/:version/pin', {
    ...one,
    summary: 'Keep a version answering, whatever is trained later.',
  })
  async pin(@Param('version') version: string, @Body() body: BotInBody): Promise<json.ModelJson> {
    return answer(await this.nlu.pinModel({ bot: body?.bot ?? '', version }));
  }

  @Route('POST', '/v1/nlu/models/unpin', {
    ...one,
    summary: 'Let the newest version that passed its gate answer again, now and later.',
  })
  async unpin(@Body() body: BotInBody): Promise<json.ModelJson> {
    return answer(await this.nlu.pinModel({ bot: body?.bot ?? '', version: '' }));
  }

  @Route('POST', '/v1/nlu/models/rollback', {
    ...one,
    summary: 'Go back to the version that answered before the present one.',
  })
  async rollBack(@Body() body: BotInBody): Promise<json.ModelJson> {
    return answer(await this.nlu.rollBack({ bot: body?.bot ?? '' }));
  }
}

function answer({ model }: { model?: Model }): json.ModelJson {
  return json.modelOf(model!);
}
