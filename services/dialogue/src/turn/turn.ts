/**
 * One turn, told as a story: accept → understand ∥ recall → decide → speak → commit.
 *
 * Promises: the customer's message is durable before the first event; exactly one reply is committed per message,
 * whatever is retried, duplicated or killed; a reply is committed only while the bot owns the conversation; the
 * first words come within the budget, from a lower rung if need be.
 */
import { Injectable } from '@nestjs/common';
import { AppError, requireTenant, type Clock } from '@frontdesk/core';
import { BotLibrary } from '../bots/bot-library.js';
import { ConversationLog, type AcceptedTurn } from '../conversation/conversation-log.js';
import type { Reading, Reply } from '../conversation/conversation.js';
import { LiveConversations } from '../conversation/live-conversations.js';
import { dialogueMetrics } from '../metrics.js';
import { decide, type Passage } from './decide.js';
import type { Degradation, TurnBudget } from './degrade.js';
import { Recall, Understanding } from './ports.js';
import { Speaker, type Listener, type Speech } from './speak.js';

export type TurnEvent =
  | {
      readonly type: 'accepted';
      readonly turnId: string;
      readonly messageSeq: number;
      readonly replayed: boolean;
    }
  | { readonly type: 'understood'; readonly reading: Reading }
  | { readonly type: 'token'; readonly text: string }
  | { readonly type: 'replied'; readonly reply: Reply }
  | { readonly type: 'superseded'; readonly turnId: string };

/** What the two leaves gave in time; each may be missing. */
interface Findings {
  readonly reading: Reading | undefined;
  readonly passages: readonly Passage[];
  readonly degradation: Degradation | null;
  readonly understandMs: number;
}

@Injectable()
export class Turns {
  constructor(
    private readonly log: ConversationLog,
    private readonly live: LiveConversations,
    private readonly bots: BotLibrary,
    private readonly understanding: Understanding,
    private readonly recall: Recall,
    private readonly speaker: Speaker,
    private readonly budget: TurnBudget,
    /** Messages of the log that a model is shown. */
    private readonly historyMessages: number,
    private readonly clock: Clock,
  ) {}

  async *take(
    conversationId: string,
    text: string,
    clientMessageId: string | undefined,
  ): AsyncGenerator<TurnEvent> {
    const startedAt = this.clock.now();
    const acceptance = await this.log.accept(conversationId, text, clientMessageId);
    const { turn } = acceptance;
    yield {
      type: 'accepted',
      turnId: turn.turnId,
      messageSeq: turn.message.seq,
      replayed: acceptance.outcome !== 'begun',
    };

    if (acceptance.outcome === 'superseded') return yield { type: 'superseded', turnId: turn.turnId };
    if (acceptance.outcome === 'finished') return yield { type: 'replied', reply: acceptance.reply };
    yield* this.answer(turn, text, startedAt);
  }

  private async *answer(turn: AcceptedTurn, text: string, startedAt: number): AsyncGenerator<TurnEvent> {
    const overtaken = new AbortController();
    const listening = this.watchFence(turn, overtaken);
    try {
      const findings = await this.find(turn, text);
      if (findings.reading) yield { type: 'understood', reading: findings.reading };

      const bot = this.bots.of(turn.conversation.bot);
      const plan = decide({
        text,
        ...findings,
        memory: turn.conversation.memory,
        status: turn.conversation.status,
        policy: bot.policy,
      });
      const language =
        findings.reading?.language ?? (turn.conversation.memory.language || turn.conversation.locale);
      const listener: Listener = {
        bot,
        conversation: turn.conversation,
        reading: findings.reading,
        language: bot.spoken(language),
        text,
        spentMs: () => this.clock.now() - startedAt,
        history: () => this.log.history(turn.conversation.id, turn.message.seq, this.historyMessages),
        signal: overtaken.signal,
      };
      const speech = yield* this.tokens(this.speaker.speak(plan, listener));
      const degradation = speech.degradation ?? findings.degradation;
      const reply = await this.log.commit(turn, {
        text: speech.text,
        kind: speech.kind,
        sources: speech.sources,
        memory: { ...speech.outcome, language },
        handoff:
          speech.handoff?.ticket ??
          (turn.conversation.status === 'waiting' ? turn.conversation.handoff : null),
        brief: speech.handoff?.brief ?? null,
        reading: findings.reading ?? null,
        degraded: degradation !== null,
        timings: { understandMs: findings.understandMs, totalMs: this.clock.now() - startedAt },
      });
      if (!reply) return yield { type: 'superseded', turnId: turn.turnId };

      dialogueMetrics.turns.inc({ kind: speech.kind, degraded: degradation ?? 'no' });
      dialogueMetrics.turnSeconds.observe({ kind: speech.kind }, (this.clock.now() - startedAt) / 1_000);
      yield { type: 'replied', reply };
    } catch (error) {
      if (!overtaken.signal.aborted) throw error;
      yield { type: 'superseded', turnId: turn.turnId };
    } finally {
      void listening.then((stop) => stop());
    }
  }

  /** Both leaves at once, each within its own share of the budget; what fails is left out. */
  private async find(turn: AcceptedTurn, text: string): Promise<Findings> {
    const { bot, locale } = turn.conversation;
    const startedAt = this.clock.now();
    const [reading, passages] = await Promise.allSettled([
      this.understanding.read({ text, locale, bot }, this.budget.understandMs),
      this.recall.search({ text, locale }, this.budget.understandMs),
    ]);
    return {
      reading: reading.status === 'fulfilled' ? reading.value : undefined,
      passages: passages.status === 'fulfilled' ? passages.value : [],
      degradation:
        reading.status === 'rejected'
          ? 'understanding_down'
          : passages.status === 'rejected'
            ? 'knowledge_down'
            : null,
      understandMs: this.clock.now() - startedAt,
    };
  }

  private async *tokens(speech: AsyncGenerator<string, Speech>): AsyncGenerator<TurnEvent, Speech> {
    for (;;) {
      const next = await speech.next();
      if (next.done) return next.value;
      yield { type: 'token', text: next.value };
    }
  }

  /** Cancels this turn as soon as a newer message or a new owner raises the fence, in whichever process. */
  private async watchFence(turn: AcceptedTurn, overtaken: AbortController): Promise<() => Promise<void>> {
    const { id, fence } = turn.conversation;
    try {
      return await this.live.listen(requireTenant(), id, (notice) => {
        if (notice.type === 'changed' && notice.fence > fence)
          overtaken.abort(new AppError('cancelled', 'A newer message took over.'));
      });
    } catch {
      // Without notices the fence still guards the commit; only the cancelling comes later.
      return async () => undefined;
    }
  }
}
