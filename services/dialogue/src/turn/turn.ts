/**
 * One turn, told as a story: accept → understand ∥ recall → decide → speak → commit.
 *
 * Promises: the customer's message is durable before the first event; at most one reply is committed per message,
 * whatever is retried, duplicated or killed; a reply is committed only while the bot owns the conversation; the first
 * words come within the customer's patience, from a lower rung if need be; a turn once begun goes on when its listener
 * leaves.
 */
import { Injectable } from '@nestjs/common';
import { AppError, detectLanguage, requireTenant } from '@frontdesk/core';
import { BotLibrary } from '../bots/bot-library.js';
import { DialogueConfig } from '../config.js';
import { Bell } from '../conversation/bell.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import type { Conversation, Memory, Reading, Reply } from '../conversation/conversation.js';
import { LiveConversations } from '../conversation/live-conversations.js';
import { TurnLog, type AcceptedTurn, type Ending } from '../conversation/turn-log.js';
import { feltAfter, trajectoryOf, type Trajectory } from '../emotion/trajectory.js';
import { dialogueMetrics } from '../metrics.js';
import { decide, type Passage } from './decide.js';
import type { Degradation } from './degrade.js';
import { Recall, Understanding } from './ports.js';
import { Speaker, type Listener, type Speech } from './speak.js';
import { TurnsInHand } from './turns-in-hand.js';

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
  readonly feelings: Memory['feelings'];
  readonly mood: Trajectory;
  readonly degradation: Degradation | null;
  readonly timings: { readonly understandMs: number; readonly recallMs: number };
}

/** For everything of a turn besides a model's answer. */
const besidesAnswerMs = 10_000;
/** How often an overtaken turn looks how it ended, should no notice tell. */
const lookAgainMs = 500;

@Injectable()
export class Turns {
  constructor(
    private readonly conversations: ConversationLog,
    private readonly log: TurnLog,
    private readonly live: LiveConversations,
    private readonly inHand: TurnsInHand,
    private readonly bots: BotLibrary,
    private readonly understanding: Understanding,
    private readonly recall: Recall,
    private readonly speaker: Speaker,
    private readonly config: DialogueConfig,
  ) {}

  async *take(
    conversationId: string,
    text: string,
    clientMessageId: string | undefined,
  ): AsyncGenerator<TurnEvent> {
    const startedAt = Date.now();
    const acceptance = await this.log.accept(conversationId, text, clientMessageId);
    const { turn, replayed } = acceptance;
    const answer =
      acceptance.outcome === 'begun'
        ? this.inHand.run(() => this.answer(turn, startedAt), this.config.TURN_ANSWER_MS + besidesAnswerMs)
        : [endOf(turn, acceptance)];
    yield { type: 'accepted', turnId: turn.turnId, messageSeq: turn.message.seq, replayed };
    yield* answer;
  }

  private async *answer(turn: AcceptedTurn, startedAt: number): AsyncGenerator<TurnEvent> {
    const { id, fence } = turn.conversation;
    const overtaken = new AbortController();
    const bell = new Bell();
    const stopListening = this.live.listen(requireTenant(), id, (notice) => {
      if (notice.type !== 'changed') return;
      if (notice.fence > fence) overtaken.abort(new AppError('cancelled', 'The conversation went on.'));
      bell.ring();
    });
    try {
      const reply = yield* this.attempt(turn, startedAt, overtaken.signal);
      yield reply ? { type: 'replied', reply } : await this.endElsewhere(turn, bell);
    } finally {
      stopListening();
    }
  }

  /** The committed reply, or undefined when the turn was overtaken. */
  private async *attempt(
    turn: AcceptedTurn,
    startedAt: number,
    overtaken: AbortSignal,
  ): AsyncGenerator<TurnEvent, Reply | undefined> {
    try {
      const findings = await this.find(turn);
      if (findings.reading) yield { type: 'understood', reading: findings.reading };

      const language = languageHeard(findings.reading, turn.message.text, turn.conversation);
      const speakingSince = Date.now();
      const speech = yield* this.speak(turn, findings, language, startedAt, overtaken);
      const degradation = speech.degradation ?? findings.degradation;
      const now = Date.now();
      const reply = await this.log.commit(turn, {
        text: speech.text,
        kind: speech.kind,
        sources: speech.sources,
        memory: {
          ...speech.outcome,
          language,
          feelings: findings.feelings,
          turnsSinceSoothed: turnsSince(speech.soothed, turn.conversation.memory.turnsSinceSoothed),
        },
        handoff: speech.handoff,
        reading: findings.reading ?? null,
        degraded: degradation !== null,
        timings: { ...findings.timings, speakMs: now - speakingSince, totalMs: now - startedAt },
      });
      if (!reply) return undefined;
      dialogueMetrics.turns.inc({ kind: speech.kind, degraded: degradation ?? 'no' });
      dialogueMetrics.turnSeconds.observe({ kind: speech.kind }, (Date.now() - startedAt) / 1_000);
      return reply;
    } catch (error) {
      if (overtaken.aborted) return undefined;
      throw error;
    }
  }

  /** Both leaves at once, each within its own share of the customer's patience; what fails is left out. */
  private async find({ conversation, message: { text } }: AcceptedTurn): Promise<Findings> {
    const expected = conversation.memory.language || conversation.locale;
    // Search runs beside understanding, so it cannot wait to be told the language; the script of the text tells it.
    const limitMs = this.config.TURN_UNDERSTAND_MS;
    const [understood, recalled] = await Promise.all([
      attempted(() => this.understanding.read({ text, locale: expected, bot: conversation.bot }, limitMs)),
      attempted(() =>
        this.recall.search({ text, locale: languageHeard(undefined, text, conversation) }, limitMs),
      ),
    ]);
    const feelings = feltAfter(conversation.memory.feelings, understood.value);
    const mood = trajectoryOf(feelings);
    return {
      reading: understood.value && { ...understood.value, mood },
      passages: recalled.value ?? [],
      feelings,
      mood,
      degradation: !understood.value ? 'understanding_down' : !recalled.value ? 'knowledge_down' : null,
      timings: { understandMs: understood.ms, recallMs: recalled.ms },
    };
  }

  private async *speak(
    { conversation, message }: AcceptedTurn,
    { reading, passages, mood }: Findings,
    language: string,
    startedAt: number,
    overtaken: AbortSignal,
  ): AsyncGenerator<TurnEvent, Speech> {
    const bot = this.bots.of(conversation.bot);
    const { memory, status } = conversation;
    const plan = decide({ text: message.text, reading, passages, mood, memory, status, policy: bot.policy });
    const listener: Listener = {
      bot,
      conversation,
      message,
      reading,
      mood,
      language: bot.spoken(language),
      spentMs: () => Date.now() - startedAt,
      history: () => this.conversations.history(conversation.id, message.seq, this.config.HISTORY_MESSAGES),
      signal: overtaken,
    };
    const pieces = this.speaker.speak(plan, listener);
    for (;;) {
      const next = await pieces.next();
      if (next.done) return next.value;
      yield { type: 'token', text: next.value };
    }
  }

  /** Whoever overtook the turn says how it ends: a newer message, a person, or another try of this very message. */
  private async endElsewhere(turn: AcceptedTurn, bell: Bell): Promise<TurnEvent> {
    for (;;) {
      const ending = await this.log.endingOf(turn);
      if (ending) return endOf(turn, ending);
      await bell.wait(lookAgainMs);
    }
  }
}

function endOf({ turnId }: AcceptedTurn, ending: Ending): TurnEvent {
  return ending.outcome === 'finished'
    ? { type: 'replied', reply: ending.reply }
    : { type: 'superseded', turnId };
}

/** As the customer writes now, else as they did before, else as the channel said. */
function languageHeard(reading: Reading | undefined, text: string, { memory, locale }: Conversation): string {
  const heard = reading?.language ?? detectLanguage(text).language;
  return heard === 'und' ? memory.language || locale : heard;
}

function turnsSince(now: boolean, before: number | null): number | null {
  if (now) return 0;
  return before === null ? null : before + 1;
}

async function attempted<T>(work: () => Promise<T>): Promise<{ value: T | undefined; ms: number }> {
  const startedAt = Date.now();
  const value = await work().catch(() => undefined);
  return { value, ms: Date.now() - startedAt };
}
