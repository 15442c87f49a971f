/**
 * Puts a plan into words. Canned words come at once; a model's words stream, under the ladder of `degrade.ts`: whatever
 * goes wrong on one rung, the next one answers, and the customer never gets half an answer as the final one.
 */
import { Injectable } from '@nestjs/common';
import { codeOf, type Clock } from '@frontdesk/core';
import type { Bot } from '../bots/bot.js';
import { newTicket } from '../conversation/conversation-log.js';
import type {
  Conversation,
  HandoffReason,
  HandoffTicket,
  Memory,
  Message,
  Reading,
  ReplyKind,
  Source,
} from '../conversation/conversation.js';
import type { HandoffBrief } from '../conversation/facts.js';
import { orderReply } from '../orders/order-reply.js';
import { OrderSystem, type Order } from '../orders/order-system.js';
import { type Passage, type Plan, type Step } from './decide.js';
import { firstTokenAllowance, modelDegradation, type Degradation, type TurnBudget } from './degrade.js';
import { AgentQueue, LanguageModel } from './ports.js';
import { groundedPrompt } from './prompt.js';
import { untilStalled } from './stall.js';

export interface Listener {
  readonly bot: Bot;
  readonly conversation: Conversation;
  readonly reading: Reading | undefined;
  readonly language: string;
  readonly text: string;
  /** Milliseconds since the message was accepted. */
  spentMs(): number;
  /** The messages before this one, read only when a model needs them. */
  history(): Promise<readonly Message[]>;
  /** Aborted when a newer message takes over. */
  readonly signal: AbortSignal;
}

/** What a reply leaves behind for the next decision. */
type Outcome = Pick<Memory, 'failedTurns' | 'awaiting'>;

export interface Speech {
  readonly text: string;
  readonly kind: ReplyKind;
  readonly sources: readonly Source[];
  readonly outcome: Outcome;
  readonly handoff: { readonly ticket: HandoffTicket; readonly brief: HandoffBrief } | null;
  readonly degradation: Degradation | null;
}

@Injectable()
export class Speaker {
  constructor(
    private readonly model: LanguageModel,
    private readonly orders: OrderSystem,
    private readonly agents: AgentQueue,
    private readonly budget: TurnBudget,
    private readonly clock: Clock,
  ) {}

  /** Yields the pieces of a generated answer as they come; returns the whole reply. */
  async *speak(plan: Plan, listener: Listener): AsyncGenerator<string, Speech> {
    const speech = yield* this.take(plan.step, listener);
    return plan.soothe ? soothed(speech, listener) : speech;
  }

  private async *take(step: Step, listener: Listener): AsyncGenerator<string, Speech> {
    switch (step.type) {
      case 'say':
        return canned(listener, step.template, 'flow');
      case 'faq':
        return fromArticle(step.passage, listener);
      case 'clarify':
        return this.clarify(
          step.options.map((option) => option.name),
          listener,
        );
      case 'order_status':
        return this.orderStatus(step.orderId, listener);
      case 'generate':
        return yield* this.generate(step.passages, step.otherwise, listener);
      case 'fallback':
        return {
          ...canned(listener, 'fallback', 'fallback'),
          outcome: { failedTurns: listener.conversation.memory.failedTurns + 1, awaiting: 'handoff_consent' },
        };
      case 'handoff':
        return this.handOver(step.reason, listener);
    }
  }

  private async *generate(
    passages: readonly Passage[],
    otherwise: Step,
    listener: Listener,
  ): AsyncGenerator<string, Speech> {
    const allowance = firstTokenAllowance(this.budget, listener.spentMs());
    if (allowance === 0) return degraded(yield* this.take(otherwise, listener), 'model_slow');

    const giveUp = new AbortController();
    const signal = AbortSignal.any([giveUp.signal, listener.signal]);
    const prompt = groundedPrompt(
      listener.bot.persona(listener.language),
      listener.language,
      passages,
      await listener.history(),
      listener.text,
    );
    let text = '';
    try {
      const pieces = this.model.write(
        prompt,
        { firstTokenMs: allowance, answerMs: this.budget.answerMs },
        signal,
      );
      // The llm service keeps the limit itself; ours catches a service that does not answer at all.
      for await (const piece of untilStalled(pieces, allowance + graceMs, this.budget.stallMs)) {
        text += piece;
        yield piece;
      }
    } catch (error) {
      if (listener.signal.aborted) throw error;
      const reason = text ? 'model_stalled' : modelDegradation(codeOf(error));
      const lower = yield* this.take(otherwise, listener);
      return reason ? degraded(lower, reason) : lower;
    } finally {
      giveUp.abort();
    }
    if (!text.trim()) return degraded(yield* this.take(otherwise, listener), 'model_down');
    return {
      text: listener.bot.withoutBannedWords(text.trim(), listener.language),
      kind: 'generated',
      sources: passages.map(toSource),
      outcome: answered,
      handoff: null,
      degradation: null,
    };
  }

  private async orderStatus(orderId: string | null, listener: Listener): Promise<Speech> {
    if (!orderId)
      return {
        ...canned(listener, 'order_status.ask_number', 'flow'),
        outcome: { failedTurns: 0, awaiting: 'order_number' },
      };
    let order: Order | undefined;
    try {
      order = await this.orders.find(orderId);
    } catch {
      return degraded(canned(listener, 'order_status.unavailable', 'flow', { orderId }), 'orders_down');
    }
    if (!order)
      return {
        ...canned(listener, 'order_status.not_found', 'flow', { orderId }),
        outcome: { failedTurns: 0, awaiting: 'order_number' },
      };
    const { template, values } = orderReply(
      order,
      listener.bot.spoken(listener.language),
      new Date(this.clock.now()),
    );
    return canned(listener, template, 'flow', values);
  }

  private clarify(intents: readonly string[], listener: Listener): Speech {
    const names = intents.map((intent) =>
      listener.bot.has(`intent.${intent}`)
        ? listener.bot.say(`intent.${intent}`, listener.language)
        : intent.replaceAll('_', ' '),
    );
    const options = names.join(listener.language === 'zh' ? '、' : ', ');
    return {
      ...canned(listener, 'clarify', 'clarify', { options }),
      outcome: { failedTurns: listener.conversation.memory.failedTurns + 1, awaiting: null },
    };
  }

  private async handOver(reason: HandoffReason, listener: Listener): Promise<Speech> {
    const { bot, conversation, reading, language, text } = listener;
    const intents = reading ? [reading.intent.name, ...reading.intentPath] : [];
    const brief: HandoffBrief = {
      skill: bot.skillFor(intents),
      language,
      priority: reason === 'angry' || reading?.emotion.name === 'angry' ? 10 : 0,
      summary: summarise(await listener.history(), text),
    };
    const position = await this.agents.previewPosition(brief.skill, brief.priority);
    const words =
      position > 0
        ? bot.say('handoff.queued', language, { position: String(position) })
        : bot.say('handoff.queued_unknown', language);
    return {
      text: words,
      kind: 'handoff',
      sources: [],
      outcome: { failedTurns: conversation.memory.failedTurns, awaiting: null },
      handoff: { ticket: newTicket(reason, position), brief },
      degradation: null,
    };
  }
}

/** So that whoever is asked to keep a limit gets to say so first. */
const graceMs = 50;

const answered: Outcome = { failedTurns: 0, awaiting: null };

function canned(
  listener: Listener,
  template: string,
  kind: ReplyKind,
  values: Readonly<Record<string, string>> = {},
): Speech {
  const text = listener.bot.say(template, listener.language, values, listener.conversation.fence);
  return { text, kind, sources: [], outcome: answered, handoff: null, degradation: null };
}

function fromArticle(passage: Passage, { bot, language }: Listener): Speech {
  return {
    text: bot.withoutBannedWords(passage.text, language),
    kind: 'faq',
    sources: [toSource(passage)],
    outcome: answered,
    handoff: null,
    degradation: null,
  };
}

/** The emotion is answered before the matter; a reply without an answer of its own becomes a soothing one. */
function soothed(speech: Speech, { bot, language, conversation }: Listener): Speech {
  const words = bot.say('soothing', language, {}, conversation.fence);
  return {
    ...speech,
    text: `${words}\n\n${speech.text}`,
    kind: speech.kind === 'fallback' || speech.kind === 'clarify' ? 'soothing' : speech.kind,
  };
}

function degraded(speech: Speech, degradation: Degradation): Speech {
  return { ...speech, degradation };
}

function toSource({ articleId, title, score }: Passage): Source {
  return { id: articleId, title, score, url: '' };
}

/** The last lines of the talk, for the person who takes over. */
export function summarise(history: readonly Message[], text: string): string {
  const lines = [...history, { role: 'customer', text }].slice(-6);
  return lines.map((line) => `${line.role}: ${line.text.slice(0, 200)}`).join('\n');
}
