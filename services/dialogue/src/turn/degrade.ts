/**
 * The ladder of the whole mesh, in one place: what answers when something is down or slow.
 *
 *     large model → small model → answer cache → article verbatim → template → person
 *
 * The models' own order lives in `LLM_URL` of the llm service; from here they are one rung.
 */

/** Why a turn took a lower rung than it planned; names a metric's label. */
export type Degradation =
  'understanding_down' | 'knowledge_down' | 'model_down' | 'model_slow' | 'model_stalled' | 'orders_down';

/** Kept back from a model's time for the rung below it and the commit. */
const reserveMs = 150;
/** A model that has less time than this for its first token is not even asked. */
const worthAskingMs = 100;

/** Milliseconds a model gets for its first token: what `spentMs` leaves of the customer's patience, or 0. */
export function firstTokenAllowance(patienceMs: number, spentMs: number): number {
  const left = patienceMs - spentMs - reserveMs;
  return left < worthAskingMs ? 0 : left;
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
