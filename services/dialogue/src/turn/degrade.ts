/**
 * The ladder of the whole mesh, in one place: what answers when something is down or slow, and how long each step may
 * take of the time a customer is willing to wait.
 *
 *     large model → small model → answer cache → article verbatim → template → person
 *
 * The models' own order lives in `LLM_URL` of the llm service; from here they are one rung.
 */

export interface TurnBudget {
  /** From the accepted message to the first words of the reply. */
  readonly firstTokenMs: number;
  /** A model that pauses longer than this in the middle of an answer counts as stalled. */
  readonly stallMs: number;
  /** For understanding and for search, each; they run side by side. */
  readonly understandMs: number;
  /** For a whole generated answer. */
  readonly answerMs: number;
}

export type Rung = 'generate' | 'faq' | 'template' | 'person';

/** Why a turn took a lower rung than it planned; names a metric's label. */
export type Degradation =
  'understanding_down' | 'knowledge_down' | 'model_down' | 'model_slow' | 'model_stalled' | 'orders_down';

/**
 * Milliseconds a model gets for its first token: what is left of the budget, keeping `reserveMs` for the rung below
 * and the commit. 0 means: do not even ask.
 */
export function firstTokenAllowance(budget: TurnBudget, spentMs: number, reserveMs = 150): number {
  const left = budget.firstTokenMs - spentMs - reserveMs;
  return left < 100 ? 0 : left;
}

/** A failed model call as the reason a customer's reply is marked with; undefined when no model is installed at all. */
export function modelDegradation(code: string): Degradation | undefined {
  switch (code) {
    case 'failed_precondition':
      return undefined;
    case 'deadline_exceeded':
      return 'model_slow';
    default:
      return 'model_down';
  }
}
