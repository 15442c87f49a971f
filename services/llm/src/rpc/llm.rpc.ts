/** `frontdesk.llm.v1.LlmService` on the ladder of engines. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import * as wire from '@frontdesk/contracts/llm/v1/llm_service';
import { Rpc, type CallContext } from '@frontdesk/rpc';
import { LlmConfig } from '../config.js';
import { EngineLadder } from '../engine-ladder.js';
import type { ChatMessage } from '../engines/engine.js';
import { llmMetrics } from '../metrics.js';

const { LlmService, ChatRole } = wire;

const roles: Readonly<Record<number, ChatMessage['role']>> = {
  [ChatRole.SYSTEM]: 'system',
  [ChatRole.USER]: 'user',
  [ChatRole.ASSISTANT]: 'assistant',
};

@Controller()
export class LlmRpc {
  constructor(
    private readonly ladder: EngineLadder,
    private readonly config: LlmConfig,
  ) {}

  @Rpc(LlmService.method.generate)
  async *generate(
    request: wire.GenerateRequest,
    call: CallContext,
  ): AsyncGenerator<MessageInitShape<typeof wire.GenerateResponseSchema>> {
    const prompt = {
      messages: request.messages.map(({ role, text }) => ({ role: roleOf(role), text })),
      maxTokens: request.maxTokens || this.config.LLM_MAX_TOKENS,
      temperature: request.temperature ?? 0.2,
    };
    llmMetrics.pending.inc();
    try {
      for await (const piece of this.ladder.generate(
        prompt,
        request.firstTokenTimeoutMs || this.config.LLM_FIRST_TOKEN_MS,
        call.signal,
      )) {
        if (piece.type === 'token') {
          yield { event: { case: 'token', value: piece.text } };
          continue;
        }
        const { reason, model = '', promptTokens, completionTokens } = piece;
        llmMetrics.tokens.inc({ model, direction: 'read' }, promptTokens);
        llmMetrics.tokens.inc({ model, direction: 'written' }, completionTokens);
        yield { event: { case: 'finished', value: { reason, model, promptTokens, completionTokens } } };
      }
    } finally {
      llmMetrics.pending.dec();
    }
  }

  @Rpc(LlmService.method.getStatus)
  getStatus(): Promise<MessageInitShape<typeof wire.GetStatusResponseSchema>> {
    const { available, models, reason } = this.ladder.status();
    return Promise.resolve({ available, models: [...models], reason });
  }
}

function roleOf(role: wire.ChatRole): ChatMessage['role'] {
  const known = roles[role];
  if (!known) throw new AppError('invalid_argument', 'A message of the prompt has no role.');
  return known;
}
