/** The services a turn asks, behind the words of `turn/ports.ts`. */
import { Injectable } from '@nestjs/common';
import { AppError, codeOf } from '@frontdesk/core';
import { HandoffService } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { KnowledgeService } from '@frontdesk/contracts/knowledge/v1/knowledge_service';
import { ChatRole, LlmService } from '@frontdesk/contracts/llm/v1/llm_service';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { Reading } from '../conversation/conversation.js';
import type { Passage } from '../turn/decide.js';
import {
  AgentQueue,
  LanguageModel,
  Recall,
  Understanding,
  type ActiveHandoff,
  type PromptMessage,
  type Question,
  type WritingLimits,
} from '../turn/ports.js';
import { fromWireReading } from './wire.js';

@Injectable()
export class NluUnderstanding extends Understanding {
  constructor(@InjectRpc(NluService) private readonly nlu: RpcClient<typeof NluService>) {
    super();
  }

  async read(question: Question & { bot: string }, timeoutMs: number): Promise<Reading> {
    const { understanding } = await this.nlu.analyze(question, { timeoutMs });
    if (!understanding) throw new Error('nlu answered without an understanding');
    return fromWireReading(understanding);
  }
}

@Injectable()
export class KnowledgeRecall extends Recall {
  constructor(@InjectRpc(KnowledgeService) private readonly knowledge: RpcClient<typeof KnowledgeService>) {
    super();
  }

  async search({ text, locale }: Question, timeoutMs: number): Promise<Passage[]> {
    const { passages } = await this.knowledge.search({ query: text, locale, limit: 4 }, { timeoutMs });
    return passages.map((passage) => ({
      articleId: passage.articleId,
      title: passage.title,
      text: passage.text,
      score: passage.score,
    }));
  }
}

const chatRoles = { system: ChatRole.SYSTEM, user: ChatRole.USER, assistant: ChatRole.ASSISTANT } as const;

@Injectable()
export class MeshLanguageModel extends LanguageModel {
  constructor(@InjectRpc(LlmService) private readonly llm: RpcClient<typeof LlmService>) {
    super();
  }

  async *write(
    prompt: readonly PromptMessage[],
    limits: WritingLimits,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    const request = {
      messages: prompt.map(({ role, text }) => ({ role: chatRoles[role], text })),
      firstTokenTimeoutMs: Math.floor(limits.firstTokenMs),
    };
    for await (const { event } of this.llm.generate(request, { timeoutMs: limits.answerMs, signal })) {
      if (event.case === 'token') yield event.value;
      else if (event.case === 'finished' && event.value.reason === 'length')
        throw new AppError('out_of_range', 'The model ran out of tokens before it came to an end.');
    }
  }
}

/** A place in the queue is nice to know, so it gets little time. */
const previewMs = 150;

@Injectable()
export class MeshAgentQueue extends AgentQueue {
  constructor(@InjectRpc(HandoffService) private readonly handoff: RpcClient<typeof HandoffService>) {
    super();
  }

  async previewPosition(skill: string, priority: number): Promise<number> {
    try {
      return (await this.handoff.previewQueue({ skill, priority }, { timeoutMs: previewMs })).position;
    } catch {
      return 0;
    }
  }

  async active(conversationId: string): Promise<ActiveHandoff | undefined> {
    try {
      const { handoff } = await this.handoff.getActive({ conversationId });
      return (
        handoff && {
          handoffId: handoff.id,
          agentId: handoff.agentId,
          agentName: handoff.agentName,
          revision: Number(handoff.revision),
        }
      );
    } catch (error) {
      if (codeOf(error) === 'not_found') return undefined;
      throw error;
    }
  }
}
