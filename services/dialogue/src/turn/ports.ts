/** What a turn asks of other services, in its own words. Implemented in `rpc/` over the contracts. */
import type { Reading } from '../conversation/conversation.js';
import type { Passage } from './decide.js';

export interface Question {
  readonly text: string;
  /** The language to expect or to prefer, BCP 47; empty when nobody knows. */
  readonly locale: string;
}

export abstract class Understanding {
  /** Throws what the call threw; the turn goes on without a reading. */
  abstract read(question: Question & { readonly bot: string }, timeoutMs: number): Promise<Reading>;
}

export abstract class Recall {
  /** Passages, best first. Throws what the call threw; the turn goes on without passages. */
  abstract search(question: Question, timeoutMs: number): Promise<Passage[]>;
}

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

export interface WritingLimits {
  readonly firstTokenMs: number;
  /** For the whole answer. */
  readonly answerMs: number;
}

export abstract class LanguageModel {
  /**
   * Pieces of one answer, in order. Throws `failed_precondition` when no model is installed, `out_of_range` when the
   * answer was cut off.
   */
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
