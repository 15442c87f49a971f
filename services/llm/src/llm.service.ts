import { LlmService } from '@frontdesk/contracts/llm/v1/llm_service';
import { defineService } from '@frontdesk/runtime';
import { LlmConfig } from './config.js';
import { LlmModule } from './llm.module.js';

/** Writes text with whichever engine is configured and healthy. A leaf: keeps nothing, calls nobody of the mesh. */
export const llm = defineService({
  name: 'llm',
  module: LlmModule,
  config: LlmConfig,
  serves: [LlmService],
  calls: [],
  publishes: [],
  subscribes: [],
});
