/** Labelled examples of `frontdesk.nlu.v1.NluService`, out and in. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import * as wire from '@frontdesk/contracts/nlu/v1/nlu_service';
import { Rpc } from '@frontdesk/rpc';
import { NluConfig } from '../config.js';
import { Labels } from '../labels/labels.js';

const { NluService } = wire;

@Controller()
export class LabelsRpc {
  constructor(
    private readonly labels: Labels,
    private readonly config: NluConfig,
  ) {}

  @Rpc(NluService.method.exportExamples)
  async exportExamples({
    bot,
  }: wire.ExportExamplesRequest): Promise<MessageInitShape<typeof wire.ExportExamplesResponseSchema>> {
    return { examples: await this.labels.export(bot || this.config.DEFAULT_BOT) };
  }

  @Rpc(NluService.method.importExamples)
  async importExamples({
    bot,
    examples,
  }: wire.ImportExamplesRequest): Promise<MessageInitShape<typeof wire.ImportExamplesResponseSchema>> {
    const { imported, warnings, jobId } = await this.labels.import(bot || this.config.DEFAULT_BOT, examples);
    return { imported, warnings: [...warnings], ...(jobId && { jobId }) };
  }
}
