import { Module } from '@nestjs/common';
import { LlmConfig } from './config.js';
import { EngineLadder } from './engine-ladder.js';
import { openEngines } from './engines/open-engine.js';
import { LlmRpc } from './rpc/llm.rpc.js';

@Module({
  controllers: [LlmRpc],
  providers: [
    {
      provide: EngineLadder,
      inject: [LlmConfig],
      useFactory: (config: LlmConfig) =>
        new EngineLadder(openEngines(config.LLM_URL, config.LLM_MODEL, config.LLM_API_KEY), {
          stallMs: config.LLM_STALL_MS,
        }),
    },
  ],
})
export class LlmModule {}
