/**
 * Puts a plan into words. Canned words come at once; a model's words stream, under the ladder of `degrade.ts`: whatever
 * goes wrong on one rung, the next one answers, and the customer never gets half an answer as the final one.
 */
import { Injectable } from '@nestjs/common';
import { AppError, codeOf } from '@frontdesk/core';
import type { Bot } from '../bots/bot.js';
import { DialogueConfig } from '../config.js';
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
import { newTicket } from '../conversation/handoff-change.js';
import { longestText, withoutControlCharacters } from '../conversation/text.js';
import { moodInWords, priorityOf } from '../emotion/care.js';
import type { Trajectory } from '../emotion/trajectory.js';
import { summarise } from '../handoff/summary.js';
import { orderReply } from '../orders/order-reply.js';
import { OrderSystem, type Order } from '../orders/order-system.js';
import type { Passage, Plan, Step } from './decide.js';
import { firstTokenAllowance, modelDegradation, type Degradation } from './degrade.js';
import { AgentQueue, LanguageModel } from './ports.js';
import { groundedPrompt } from './prompt.js';
import { untilStalled } from './stall.js';

/** To whom a turn speaks. */
export interface Listener {
  readonly bot: Bot;
  readonly conversation: Conversation;
  /** What the customer said. */
  readonly message: Message;
  readonly reading: Reading | undefined;
  readonly mood: Trajectory;
  /** One that the bot speaks. */
  readonly language: string;
  /** Milliseconds since the message came in. */
  spentMs(): number;
  /** The messages before this one, read only when they are needed. */
  history(): Promise<readonly Message[]>;
  /** Aborted when the turn is overtaken. */
  readonly signal: AbortSignal;
}

export interface Speech {
  readonly text: string;
  readonly kind: ReplyKind;
  readonly sources: readonly Source[];
  /** What the reply leaves behind for the next decision. */
  readonly outcome: Pick<Memory, 'failedTurns' | 'awaiting'>;
  readonly handoff: { readonly ticket: HandoffTicket; readonly brief: HandoffBrief } | null;
  readonly degradation: Degradation | null;
  /** The emotion was answered first. */
  readonly soothed: boolean;
}

/** So that whoever is asked to keep a limit gets to say so first. */
const graceMs = 50;

@Injectable()
export class Speaker {
  constructor(
    private readonly model: LanguageModel,
    private readonly orders: OrderSystem,
    private readonly agents: AgentQueue,
    private readonly config: DialogueConfig,
  ) {}

  /** Yields the pieces of a generated answer as they come; returns the whole reply. */
  async *speak(plan: Plan, listener: Listener): AsyncGenerator<string, Speech> {
    const speech = yield* this.take(plan.step, listener);
    return plan.soothe ? soothed(speech, listener) : speech;
  }

  private async *take(step: Step, listener: Listener): AsyncGenerator<string, Speech> {
    switch (step.type) {
      case 'say':
        return canned(listener, step.template);
      case 'faq':
        return fromArticle(step.passage, listener);
      case 'clarify':
        return clarification(
          step.options.map((option) => option.name),
          listener,
        );
      case 'order_status':
        return step.orderId
          ? this.orderStatus(step.orderId, listener)
          : awaiting('order_number', canned(listener, 'order_status.ask_number'));
      case 'generate':
        return yield* this.generate(step.passages, step.otherwise, listener);
      case 'fallback':
        return failed(listener, awaiting('handoff_consent', canned(listener, 'fallback')), 'fallback');
      case 'handoff':
        return this.handOver(step.reason, listener);
    }
  }

  private async *generate(
    passages: readonly Passage[],
    otherwise: Step,
    listener: Listener,
  ): AsyncGenerator<string, Speech> {
    const { bot, language, message } = listener;
    const history = await listener.history();
    const firstTokenMs = firstTokenAllowance(this.config.TURN_FIRST_TOKEN_MS, listener.spentMs());
    if (firstTokenMs === 0) return degraded(yield* this.take(otherwise, listener), 'model_slow');

    const prompt = groundedPrompt(bot.persona(language), language, passages, history, message.text);
    let text = '';
    try {
      const written = this.write(prompt, firstTokenMs, listener.signal);
      for await (const piece of bot.streamWithoutBannedWords(written, language)) {
        text += piece;
        if (text.length > longestText) throw new AppError('out_of_range', 'The model finds no end.');
        yield piece;
      }
    } catch (error) {
      if (listener.signal.aborted) throw error;
      const reason = text ? 'model_stalled' : modelDegradation(codeOf(error));
      return degraded(yield* this.take(otherwise, listener), reason ?? null);
    }
    if (!text.trim()) return degraded(yield* this.take(otherwise, listener), 'model_down');
    return {
      ...spoken(text.trim(), 'generated'),
      sources: passages.map(toSource),
    };
  }

  /** The llm service keeps the limits itself; ours catch a service that does not answer at all. */
  private async *write(
    prompt: ReturnType<typeof groundedPrompt>,
    firstTokenMs: number,
    overtaken: AbortSignal,
  ): AsyncGenerator<string> {
    const { TURN_ANSWER_MS: answerMs, TURN_STALL_MS: stallMs } = this.config;
    const giveUp = new AbortController();
    const signal = AbortSignal.any([giveUp.signal, overtaken]);
    try {
      const pieces = this.model.write(prompt, { firstTokenMs, answerMs }, signal);
      for await (const piece of untilStalled(pieces, firstTokenMs + graceMs, stallMs))
        yield withoutControlCharacters(piece);
    } finally {
      giveUp.abort();
    }
  }

  private async orderStatus(orderId: string, listener: Listener): Promise<Speech> {
    let order: Order | undefined;
    try {
      order = await this.orders.find(orderId, listener.conversation.customer.id);
    } catch {
      const unavailable = canned(listener, 'order_status.unavailable', { orderId });
      return degraded(awaiting('handoff_consent', unavailable), 'orders_down');
    }
    if (!order) return awaiting('order_number', canned(listener, 'order_status.not_found', { orderId }));
    const { situation, values } = orderReply(order, listener.language, new Date());
    const told = canned(listener, `order_status.${situation}`, values);
    return situation === 'overdue' ? awaiting('handoff_consent', told) : told;
  }

  private async handOver(reason: HandoffReason, listener: Listener): Promise<Speech> {
    const { bot, conversation, reading, mood, language, message } = listener;
    const intents = reading ? [reading.intent.name, ...reading.intentPath] : [];
    const brief: HandoffBrief = {
      skill: bot.skillFor(intents),
      language,
      priority: priorityOf(reading, mood),
      summary: summarise([...(await listener.history()), message], moodInWords(reading, mood)),
      mood,
      emotion: reading?.emotion.name ?? '',
    };
    const position = await this.agents.previewPosition(brief.skill, brief.priority);
    return {
      ...spoken(bot.queued(position, language, message.seq), 'handoff'),
      outcome: { failedTurns: conversation.memory.failedTurns, awaiting: null },
      handoff: { ticket: newTicket(reason, position), brief },
    };
  }
}

function spoken(text: string, kind: ReplyKind): Speech {
  const outcome = { failedTurns: 0, awaiting: null };
  return { text, kind, sources: [], outcome, handoff: null, degradation: null, soothed: false };
}

function canned(
  { bot, language, message }: Listener,
  template: string,
  values: Readonly<Record<string, string>> = {},
): Speech {
  return spoken(withoutControlCharacters(bot.say(template, language, values, message.seq)), 'flow');
}

function fromArticle(passage: Passage, { bot, language }: Listener): Speech {
  return { ...spoken(bot.withoutBannedWords(passage.text, language), 'faq'), sources: [toSource(passage)] };
}

function clarification(intents: readonly string[], listener: Listener): Speech {
  const { bot, language } = listener;
  const names = intents.map((intent) =>
    bot.has(`intent.${intent}`) ? bot.say(`intent.${intent}`, language) : intent.replaceAll('_', ' '),
  );
  const options = names.join(language === 'zh' ? '、' : ', ');
  return failed(listener, canned(listener, 'clarify', { options }), 'clarify');
}

/** The emotion is answered before the matter; a reply without an answer of its own becomes a soothing one. */
function soothed(speech: Speech, { bot, language, message }: Listener): Speech {
  const words = bot.say('soothing', language, {}, message.seq);
  return {
    ...speech,
    soothed: true,
    text: `${words}\n\n${speech.text}`,
    kind: speech.kind === 'fallback' || speech.kind === 'clarify' ? 'soothing' : speech.kind,
  };
}

/** Nothing was answered. */
function failed({ conversation }: Listener, speech: Speech, kind: ReplyKind): Speech {
  const failedTurns = conversation.memory.failedTurns + 1;
  return { ...speech, kind, outcome: { ...speech.outcome, failedTurns } };
}

function awaiting(what: NonNullable<Memory['awaiting']>, speech: Speech): Speech {
  return { ...speech, outcome: { ...speech.outcome, awaiting: what } };
}

function degraded(speech: Speech, degradation: Degradation | null): Speech {
  return { ...speech, degradation };
}

function toSource({ articleId, title, score }: Passage): Source {
  return { id: articleId, title, score, url: '' };
}
