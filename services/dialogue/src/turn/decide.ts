/**
 * What the bot does with one message: a pure decision over what was understood, found and remembered. No I/O, no
 * clock; the same input gives the same plan, and the plan says why.
 */
import type { Conversation, HandoffReason, Label, Memory, Reading } from '../conversation/conversation.js';
import { isAngry, isLow, needsSoothing } from '../emotion/care.js';
import type { Trajectory } from '../emotion/trajectory.js';

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
  /** Up to and with this message. */
  readonly mood: Trajectory;
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
/** The intent of what no intent covers. */
const outOfScope = 'out_of_scope';

export function decide(situation: Situation): Plan {
  const { text, reading, passages, mood, memory, policy } = situation;
  const troubled = needsSoothing(reading, mood, memory.turnsSinceSoothed);
  // An apology before "You're welcome" would be odd, unless the message itself is angry.
  const plan = (step: Step, because: string): Plan => ({
    step,
    soothe: troubled && (step.type !== 'say' || isAngry(reading)),
    because,
  });

  const intent = trustedIntent(reading, policy);
  const action = intent && actionOn(intent, policy);
  if (action && 'handoff' in action)
    return plan(handoff(situation, 'customer_request'), 'asked for a person');
  if (memory.awaiting === 'handoff_consent' && intent?.name === 'affirm')
    return plan(handoff(situation, 'customer_request'), 'accepted the offer of a person');
  if (memory.awaiting === 'handoff_consent' && intent?.name === 'deny')
    return plan({ type: 'say', template: 'acknowledged' }, 'declined the offer of a person');

  const orderId = reading?.entities.find((entity) => entity.type === 'order_number')?.value;
  const orderFlow = action && 'flow' in action;
  const saysNothingElse = orderId && (!intent || intent.name === outOfScope) && isLittleElse(text, orderId);
  if (orderId && (orderFlow || memory.awaiting === 'order_number' || saysNothingElse))
    return plan({ type: 'order_status', orderId }, 'named an order');
  if (orderFlow && action.ask)
    return plan({ type: 'order_status', orderId: null }, 'asked for an order without naming it');
  if (action && 'say' in action) return plan({ type: 'say', template: action.say }, 'a standard reply fits');

  const best = passages[0];
  if (best && best.score >= policy.faqThreshold)
    return plan({ type: 'faq', passage: best }, 'an article answers the question');
  // Whoever stays displeased after a turn without an answer is not given a guess next.
  if (isLow(mood) && memory.failedTurns > 0)
    return plan(handoff(situation, 'angry'), 'displeased, and the last turn found no answer');
  // What the intents know nothing of needs a strong article: a weak one is about something else.
  if (best && best.score >= policy.evidenceThreshold && intent?.name !== outOfScope) {
    const evidence = passages.filter((passage) => passage.score >= policy.evidenceThreshold);
    const otherwise: Step = { type: 'faq', passage: best };
    return plan({ type: 'generate', passages: evidence, otherwise }, 'passages may answer the question');
  }

  const close = closeIntents(reading, policy);
  if (close.length > 0 && memory.failedTurns === 0)
    return plan({ type: 'clarify', options: close }, 'two intents are equally likely');
  return plan(lastRung(situation), 'nothing answers the question');
}

/** What is left when nothing answers: offer a person, then call one. */
function lastRung(situation: Situation): Step {
  if (isAngry(situation.reading) || isLow(situation.mood)) return handoff(situation, 'angry');
  return situation.memory.failedTurns + 1 >= patience
    ? handoff(situation, 'no_answer')
    : { type: 'fallback' };
}

/** Whoever waits already is told so again instead of being queued twice. */
function handoff({ status }: Situation, reason: HandoffReason): Step {
  return status === 'waiting' ? { type: 'say', template: 'handoff.waiting' } : { type: 'handoff', reason };
}

/** The intent with its ancestors, nearest first. */
interface TrustedIntent {
  readonly name: string;
  readonly path: readonly string[];
}

function trustedIntent(reading: Reading | undefined, policy: Policy): TrustedIntent | undefined {
  return reading && reading.intent.confidence >= policy.intentThreshold
    ? { name: reading.intent.name, path: reading.intentPath }
    : undefined;
}

function actionOn({ name, path }: TrustedIntent, { actions }: Policy): IntentAction | undefined {
  const deciding = [name, ...path].find((intent) => Object.hasOwn(actions, intent));
  return deciding === undefined ? undefined : actions[deciding];
}

/** "A1001", "order a1001?" or "我的订单A1001": the number is the message. */
function isLittleElse(text: string, orderId: string): boolean {
  return text.length - orderId.length <= 12;
}

/** The two best intents when they can hardly be told apart; else none. */
function closeIntents(reading: Reading | undefined, policy: Policy): Label[] {
  if (!reading) return [];
  const [first, second] = [reading.intent, ...reading.alternatives].filter(
    ({ name, confidence }) => name !== 'out_of_scope' && confidence >= policy.intentThreshold / 2,
  );
  return first && second && first.confidence - second.confidence < policy.clarifyMargin
    ? [first, second]
    : [];
}
