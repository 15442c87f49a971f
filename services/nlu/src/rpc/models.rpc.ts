/** The versions of a bot's model, of `frontdesk.nlu.v1.NluService`. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import * as wire from '@frontdesk/contracts/nlu/v1/nlu_service';
import { Rpc } from '@frontdesk/rpc';
import { NluConfig } from '../config.js';
import { BotModels, type NamedModel } from '../models/bot-models.js';
import { differencesOf } from '../models/differences.js';

const { NluService } = wire;

@Controller()
export class ModelsRpc {
  constructor(
    private readonly models: BotModels,
    private readonly config: NluConfig,
  ) {}

  @Rpc(NluService.method.listModels)
  async listModels({
    bot,
  }: wire.ListModelsRequest): Promise<MessageInitShape<typeof wire.ListModelsResponseSchema>> {
    return { models: (await this.models.list(this.botOf(bot))).map(toWireModel) };
  }

  @Rpc(NluService.method.activateModel)
  async activateModel({
    bot,
    version,
  }: wire.ActivateModelRequest): Promise<MessageInitShape<typeof wire.ActivateModelResponseSchema>> {
    return { model: toWireModel(await this.models.activate(this.botOf(bot), version)) };
  }

  @Rpc(NluService.method.pinModel)
  async pinModel({
    bot,
    version,
  }: wire.PinModelRequest): Promise<MessageInitShape<typeof wire.PinModelResponseSchema>> {
    const name = this.botOf(bot);
    const model = version ? await this.models.activate(name, version, true) : await this.models.unpin(name);
    return { model: toWireModel(model) };
  }

  @Rpc(NluService.method.rollBack)
  async rollBack({
    bot,
  }: wire.RollBackRequest): Promise<MessageInitShape<typeof wire.RollBackResponseSchema>> {
    return { model: toWireModel(await this.models.rollBack(this.botOf(bot))) };
  }

  @Rpc(NluService.method.compareModels)
  async compareModels({
    bot,
    base,
    candidate,
  }: wire.CompareModelsRequest): Promise<MessageInitShape<typeof wire.CompareModelsResponseSchema>> {
    const pair = await this.models.pair(this.botOf(bot), base, candidate);
    return {
      base: toWireModel(pair.base),
      candidate: toWireModel(pair.candidate),
      intents: differencesOf(pair.base.heldOut, pair.candidate.heldOut),
    };
  }

  private botOf(name: string): string {
    return name || this.config.DEFAULT_BOT;
  }
}

function toWireModel(model: NamedModel): MessageInitShape<typeof wire.ModelSchema> {
  const { version, createdAt, active, scores, pinned, status, note, encoders } = model;
  return {
    version,
    createdAt: timestampFromDate(createdAt),
    active,
    scores: { ...scores },
    pinned,
    status,
    note,
    encoders: [...encoders],
  };
}
