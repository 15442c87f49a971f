/** What a turn asks of other services, in its own words. Implemented in `rpc/` over the contracts. */
import type { Reading } from '../conversation/conversation.js';
import type { Passage } from './decide.js';

export abstract class Understanding {
  /** Throws what the call threw; the turn goes on without a reading. */
  abstract read(question: { text: string; locale: string; bot: string }, timeoutMs: number): Promise<Reading>;
}

export abstract class Recall {
  /** Passages, best first. */
  abstract search(question: { text: string; locale: string }, timeoutMs: number): Promise<Passage[]>;
}

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

export interface WritingLimits {
  readonly firstTokenMs: number;
  readonly answerMs: number;
}

export interface WritingLimits {
  readonly firstTokenMs: number;
  readonly answerMs: number;
}

export abstract class LanguageModel {
  /** Pieces of one answer, in order. Throws `failed_precondition` when no model is installed. */
  abstract write(
    prompt: readonly PromptMessage[],
    limits: WritingLimits,
    signal: AbortSignal,
  ): AsyncIterable<string>;
}

export interface ActiveHandoff {
  readonly handoffId: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly revision: number;
}

export abstract class AgentQueue {
  /** The place a new handoff would get, from 1; 0 when it is not known in time. */
  abstract previewPosition(skill: string, priority: number): Promise<number>;
  /** The handoff an agent holds in this conversation; undefined when nobody does. */
  abstract active(conversationId: string): Promise<ActiveHandoff | undefined>;
}
