/**
 * How a customer's message comes into the log, and how at most one answer follows it. The fence decides every race: a
 * turn is accepted under a fence and may commit only under the same one, and every customer message and every change
 * of owner raises it. Each method is one transaction; who is late is refused by the database itself.
 */
import { Injectable } from '@nestjs/common';
import { AppError, codeOf, newId } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import type { Conversation, HandoffTicket, Message, Reply } from './conversation.js';
import { lockConversation, selectConversation, updateHead } from './conversation.store.js';
import { ConversationFacts, type HandoffBrief } from './facts.js';
import { found, sameMessage, stillOpen } from './guards.js';
import { LiveConversations } from './live-conversations.js';
import { isNewestCustomerMessage, selectAnswer, selectByClientId } from './message.store.js';
import { beginTurn, endTurn, endTurnSilently, selectReply, type Answer } from './turn.store.js';

export interface AcceptedTurn {
  readonly turnId: string;
  /** The head as the turn found it, with the fence it may commit under. */
  readonly conversation: Conversation;
  readonly message: Message;
}

/** How a turn ended: with a reply (without a message, if a person answers), or by a newer message or the end of it all. */
export type Ending =
  { readonly outcome: 'finished'; readonly reply: Reply } | { readonly outcome: 'superseded' };

/** What becomes of a customer's message when it comes in. */
export type Acceptance = { readonly turn: AcceptedTurn; readonly replayed: boolean } & (
  { readonly outcome: 'begun' } | Ending
);

export interface TurnResult extends Omit<Answer, 'turnId' | 'ticket'> {
  /** Present when this turn asks for a person. */
  readonly handoff: { readonly ticket: HandoffTicket; readonly brief: HandoffBrief } | null;
}

@Injectable()
export class TurnLog {
  constructor(
    private readonly database: Database,
    private readonly facts: ConversationFacts,
    private readonly live: LiveConversations,
  ) {}

  /**
   * Makes a customer's message durable and begins its turn. A client id that was seen before begins nothing: a finished
   * turn is replayed, and an unfinished one (its pod died, or is too slow) is taken over under a new fence. Throws
   * `already_exists` when the id was used for another text.
   */
  async accept(id: string, text: string, clientMessageId: string | undefined): Promise<Acceptance> {
    try {
      return await this.database.transaction((tx) => this.begin(tx, id, text, clientMessageId));
    } catch (error) {
      // The id is taken; or the conversation has been closed since, which does not unsay what was answered before.
      const again = ['already_exists', 'failed_precondition'].includes(codeOf(error)) && clientMessageId;
      const known = again && (await this.database.transaction((tx) => this.takeAgain(tx, id, text, again)));
      if (!known) throw error;
      return known;
    }
  }

  /** Commits the bot's answer; undefined when the fence has moved on, and then nothing was written. */
  async commit(turn: AcceptedTurn, { handoff: asked, ...result }: TurnResult): Promise<Reply | undefined> {
    const { conversation, turnId } = turn;
    const { reading, degraded, timings } = result;
    return this.database.transaction(async (tx) => {
      const ended = await endTurn(tx, conversation, { ...result, turnId, ticket: asked?.ticket ?? null });
      if (!ended) return undefined;
      const reply = { conversationId: conversation.id, turnId, ...ended, reading, degraded, timings };
      await this.facts.turnCompleted(tx, reply);
      // Somebody else may have asked for a person while this turn ran; then that handoff stands.
      if (asked && ended.handoff?.id === asked.ticket.id)
        await this.facts.handoffRequested(tx, conversation, asked.ticket, asked.brief);
      this.live.changedBy(tx, conversation);
      return reply;
    });
  }

  /** How a turn that lost its fence ended; undefined while another try of the same message is being answered. */
  async endingOf({ turnId, message, conversation }: AcceptedTurn): Promise<Ending | undefined> {
    return this.database.transaction(async (tx) => {
      const now = found(await lockConversation(tx, conversation.id));
      return this.ending(tx, { turnId, message, conversation: now });
    });
  }

  private async begin(
    tx: Transaction,
    id: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Acceptance> {
    const turnId = newId();
    const begun = await beginTurn(tx, id, { turnId, text, clientMessageId });
    if (!begun) {
      stillOpen(await selectConversation(tx, id));
      throw new AppError('aborted', 'The conversation changed at the same moment: send the message again.');
    }
    await this.facts.customerWrote(tx, id, begun.message);
    this.live.changedBy(tx, begun.conversation);
    const { conversation, message } = begun;
    const turn = { turnId, conversation, message };
    if (conversation.status !== 'with_agent') return { turn, replayed: false, outcome: 'begun' };
    const silent = await endTurnSilently(tx, turnId, conversation.handoff);
    const reply = { conversationId: id, turnId, message: null, ...silent };
    return { turn, replayed: false, outcome: 'finished', reply };
  }

  /** Undefined when this client id has not been seen. */
  private async takeAgain(
    tx: Transaction,
    id: string,
    text: string,
    clientMessageId: string,
  ): Promise<Acceptance | undefined> {
    const conversation = found(await lockConversation(tx, id));
    const message = await selectByClientId(tx, id, 'customer', clientMessageId);
    if (!message?.turnId) return undefined;
    sameMessage(message, { text });
    const turn = { turnId: message.turnId, conversation, message };
    const ended = await this.ending(tx, turn);
    if (ended) return { turn, replayed: true, ...ended };

    const owned = await updateHead(tx, id, { ...conversation, raiseFence: true });
    this.live.changedBy(tx, owned);
    return { turn: { ...turn, conversation: owned }, replayed: false, outcome: 'begun' };
  }

  /** Undefined while the turn has no end and may still get one. The conversation is locked. */
  private async ending(
    tx: Transaction,
    { turnId, conversation: { id, status }, message }: AcceptedTurn,
  ): Promise<Ending | undefined> {
    const stored = await selectReply(tx, turnId);
    if (stored) {
      const answer = (await selectAnswer(tx, id, turnId)) ?? null;
      return { outcome: 'finished', reply: { conversationId: id, turnId, message: answer, ...stored } };
    }
    const overtaken = status === 'closed' || !(await isNewestCustomerMessage(tx, id, message.seq));
    return overtaken ? { outcome: 'superseded' } : undefined;
  }
}
