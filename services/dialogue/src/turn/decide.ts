/**
 * What the bot does with one message: a pure decision over what was understood, found and remembered. No I/O, no
 * clock; the same input gives the same plan, and the plan says why.
 */
import type { Conversation, HandoffReason, Label, Memory, Reading } from '../conversation/conversation.js';

/** A piece of an article that may answer. */
export interface Passage {
  readonly articleId: string;
  readonly title: string;
  readonly text: string;
  /** 0 to 1, comparable between questions. */
  readonly score: number;
}

/**
 * What a bot does on an intent instead of looking for an answer. A flow without `ask` runs only if the customer named
 * what it needs; otherwise the question is about the policy, which an article tells.
 */
export type IntentAction =
  | { readonly say: string }
  | { readonly flow: 'order_status'; readonly ask: boolean }
  | { readonly handoff: true };

export interface Policy {
  /** Below this an intent is not trusted. */
  readonly intentThreshold: number;
  /** From here on an article is answered verbatim, without asking a model. */
  readonly faqThreshold: number;
  /** Below this a passage is no evidence at all. */
  readonly evidenceThreshold: number;
  /** Two intents closer than this are asked about. */
  readonly clarifyMargin: number;
  /** What the bot does on an intent, or on any intent below it. */
  readonly actions: Readonly<Record<string, IntentAction>>;
}

export interface Situation {
  readonly text: string;
  /** Undefined when understanding failed: decide from the passages alone. */
  readonly reading: Reading | undefined;
  readonly passages: readonly Passage[];
  readonly memory: Memory;
  readonly status: Conversation['status'];
  readonly policy: Policy;
}

export type Step =
  | { readonly type: 'say'; readonly template: string }
  | { readonly type: 'order_status'; readonly orderId: string | null }
  | { readonly type: 'faq'; readonly passage: Passage }
  /** Write from passages; `otherwise` is the next rung when no model answers in time. */
  | { readonly type: 'generate'; readonly passages: readonly Passage[]; readonly otherwise: Step }
  | { readonly type: 'clarify'; readonly options: readonly Label[] }
  | { readonly type: 'fallback' }
  | { readonly type: 'handoff'; readonly reason: HandoffReason };

export interface Plan {
  readonly step: Step;
  /** Answer the emotion first. */
  readonly soothe: boolean;
  /** Why, in words of this file, for the explanation of an answer. */
  readonly because: string;
}

/** Failed turns in a row after which a person is called without asking. */
const patience = 2;

export function decide(situation: Situation): Plan {
  const soothe = situation.reading?.emotion.name === 'angry' && situation.reading.emotion.confidence >= 0.5;
  const plan = (step: Step, because: string): Plan => ({ step, soothe, because });
  const { reading, memory, policy } = situation;

  const action = reading && trustedAction(reading, policy);
  if (action && 'handoff' in action)
    return plan(handoff(situation, 'customer_request'), 'asked for a person');
  if (memory.awaiting === 'handoff_consent' && reading?.intent.name === 'affirm') {
    return plan(handoff(situation, 'customer_request'), 'accepted the offer of a person');
  }

  const orderId = reading?.entities.find((entity) => entity.type === 'order_number')?.value ?? null;
  if (
    orderId &&
    (memory.awaiting === 'order_number' ||
      (action && 'flow' in action) ||
      isLittleElse(situation.text, orderId))
  ) {
    return plan({ type: 'order_status', orderId }, 'named an order');
  }

  if (action && 'flow' in action && action.ask)
    return plan({ type: 'order_status', orderId: null }, 'asked for an order without naming it');
  if (action && 'say' in action) return plan({ type: 'say', template: action.say }, 'a standard reply fits');

  const best = situation.passages[0];
  if (best && best.score >= policy.faqThreshold)
    return plan({ type: 'faq', passage: best }, 'an article answers the question');

  const evidence = situation.passages.filter((passage) => passage.score >= policy.evidenceThreshold);
  if (evidence.length > 0) {
    const otherwise: Step = { type: 'faq', passage: evidence[0]! };
    return plan({ type: 'generate', passages: evidence, otherwise }, 'passages may answer the question');
  }

  const close = reading ? closeIntents(reading, policy) : [];
  if (close.length >= 2 && memory.failedTurns === 0)
    return plan({ type: 'clarify', options: close }, 'two intents are equally likely');
  return plan(lastRung(situation), 'nothing answers the question');
}

/** What is left when nothing answers: offer a person, then call one. */
function lastRung(situation: Pick<Situation, 'memory' | 'status' | 'reading'>): Step {
  const failed = situation.memory.failedTurns + 1;
  const angry = situation.reading?.emotion.name === 'angry';
  if (failed >= patience || angry) return handoff(situation, angry ? 'angry' : 'no_answer');
  return { type: 'fallback' };
}

/** Whoever waits already is told so again instead of being queued twice. */
function handoff(situation: Pick<Situation, 'status'>, reason: HandoffReason): Step {
  return situation.status === 'waiting'
    ? { type: 'say', template: 'handoff.waiting' }
    : { type: 'handoff', reason };
}

function trustedAction(reading: Reading, policy: Policy): IntentAction | undefined {
  if (reading.intent.confidence < policy.intentThreshold) return undefined;
  for (const name of [reading.intent.name, ...reading.intentPath]) {
    const action = policy.actions[name];
    if (action) return action;
  }
  return undefined;
}

/** "A1001", "order a1001?" or "我的订单A1001": the number is the message. */
function isLittleElse(text: string, orderId: string): boolean {
  return text.length - orderId.length <= 12;
}

function closeIntents(reading: Reading, policy: Policy): Label[] {
  const candidates = [reading.intent, ...reading.alternatives].filter(
    (label) => label.name !== 'out_of_scope' && label.confidence >= policy.intentThreshold / 2,
  );
  const [first, second] = candidates;
  return first && second && first.confidence - second.confidence < policy.clarifyMargin
    ? [first, second]
    : [];
}
