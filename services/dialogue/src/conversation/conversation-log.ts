/**
 * The append-only log of a conversation, and who may write to it. Every public method is one transaction: message,
 * state and outbox row together, then the watchers are told. The fence decides races: a turn commits only under the
 * fence it was accepted with, and every customer message and every change of owner raises it.
 */
import { Injectable } from '@nestjs/common';
import { AppError, codeOf, newId } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import {
  freshMemory,
  type Conversation,
  type Customer,
  type HandoffReason,
  type HandoffTicket,
  type Memory,
  type Message,
  type Reply,
} from './conversation.js';
import * as rows from './conversation.store.js';
import { ConversationFacts, type HandoffBrief, type Rating } from './facts.js';
import { LiveConversations } from './live-conversations.js';

export interface AcceptedTurn {
  readonly turnId: string;
  readonly conversation: Conversation;
  readonly message: Message;
}

/** What becomes of a customer's message when it comes in. */
export type Acceptance =
  | { readonly outcome: 'begun'; readonly turn: AcceptedTurn }
  /** Finished: taken before under the same client id, or a person answers and the bot is silent. */
  | {
      readonly outcome: 'finished';
      readonly turn: AcceptedTurn;
      readonly reply: Reply;
      readonly replayed: boolean;
    }
  /** Taken before under the same client id, and a newer message took over meanwhile. */
  | { readonly outcome: 'superseded'; readonly turn: AcceptedTurn };

export interface TurnResult extends rows.StoredReply {
  readonly text: string;
  readonly kind: NonNullable<Message['kind']>;
  readonly sources: Message['sources'];
  readonly memory: Memory;
  /** Present when this turn asks for a person. */
  readonly brief: HandoffBrief | null;
}

/** Something the handoff service decided; `revision` orders the facts of one handoff. */
export type HandoffChange = { readonly handoffId: string; readonly revision: number } & (
  | { readonly state: 'queued'; readonly position: number }
  | {
      readonly state: 'accepted';
      readonly agentId: string;
      readonly agentName: string;
      readonly announcement: string;
    }
  | { readonly state: 'returned'; readonly announcement: string }
  | { readonly state: 'closed'; readonly announcement: string }
);

type HeadChange = Pick<Conversation, 'status' | 'handoff'>;

@Injectable()
export class ConversationLog {
  constructor(
    private readonly database: Database,
    private readonly facts: ConversationFacts,
    private readonly live: LiveConversations,
  ) {}

  /** Opens a conversation; the same id again gives the one that is there. */
  async open(start: {
    id: string | undefined;
    bot: string;
    channel: string;
    locale: string;
    customer: Customer;
  }): Promise<Conversation> {
    const id = start.id ?? newId();
    return this.database.transaction(async (tx) => {
      const opened = await rows.insertConversation(tx, {
        ...start,
        id,
        status: 'open',
        memory: freshMemory,
        handoff: null,
      });
      if (!opened) return found(await rows.selectConversation(tx, id));
      await this.facts.opened(tx, opened);
      return opened;
    });
  }

  async get(id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => found(await rows.selectConversation(tx, id)));
  }

  async messages(id: string, afterSeq: number, limit: number): Promise<Message[]> {
    return this.database.transaction(async (tx) => {
      const page = await rows.selectMessages(tx, id, afterSeq, limit);
      if (page.length === 0) found(await rows.selectConversation(tx, id));
      return page;
    });
  }

  async history(id: string, beforeSeq: number, limit: number): Promise<Message[]> {
    return this.database.transaction((tx) => rows.selectHistory(tx, id, beforeSeq, limit));
  }

  /**
   * Makes a customer's message durable and begins its turn. A client id that was seen before begins nothing: the
   * finished turn is replayed, and an unfinished one (its pod died, or is too slow) is taken over under a new fence.
   */
  async accept(id: string, text: string, clientMessageId: string | undefined): Promise<Acceptance> {
    try {
      return await this.database.transaction((tx) => this.begin(tx, id, text, clientMessageId));
    } catch (error) {
      if (codeOf(error) !== 'already_exists' || clientMessageId === undefined) throw error;
      return this.database.transaction((tx) => this.takeAgain(tx, id, text, clientMessageId));
    }
  }

  /** Commits the bot's answer; undefined when the fence has moved on, and then nothing was written. */
  async commit(turn: AcceptedTurn, result: TurnResult): Promise<Reply | undefined> {
    const { conversation, turnId } = turn;
    const { reading, degraded, handoff, timings } = result;
    return this.database.transaction(async (tx) => {
      const message = await rows.endTurn(
        tx,
        conversation,
        { turnId, role: 'bot', text: result.text, kind: result.kind, sources: result.sources, degraded },
        { status: result.brief ? 'waiting' : conversation.status, memory: result.memory, handoff },
        { reading, degraded, handoff, timings },
      );
      if (!message) return undefined;
      const reply: Reply = {
        conversationId: conversation.id,
        turnId,
        message,
        reading,
        degraded,
        handoff,
        timings,
      };
      await this.facts.turnCompleted(tx, reply);
      if (result.brief && handoff) await this.facts.handoffRequested(tx, conversation, handoff, result.brief);
      this.announce(tx, conversation);
      return reply;
    });
  }

  /** Asks for a person outside a turn. A handoff under way is returned as it is. */
  async requestHandoff(
    id: string,
    reason: HandoffReason,
    position: number,
    announcement: string,
    brief: HandoffBrief,
  ): Promise<HandoffTicket> {
    return this.database.transaction(async (tx) => {
      const conversation = stillOpen(await rows.lockConversation(tx, id));
      if (conversation.handoff && conversation.status !== 'open') return conversation.handoff;
      const ticket = newTicket(reason, position);
      await rows.appendMessage(tx, id, { role: 'system', text: announcement, sources: [], degraded: false });
      await rows.updateHead(tx, id, {
        status: 'waiting',
        handoff: ticket,
        memory: conversation.memory,
        raiseFence: false,
      });
      await this.facts.handoffRequested(tx, conversation, ticket, brief);
      this.announce(tx, conversation);
      return ticket;
    });
  }

  /**
   * Applies what the handoff service decided; `changeOf` puts it into words once the conversation is locked. A fact
   * that is older than the newest one applied changes nothing.
   */
  async applyHandoff(
    id: string,
    changeOf: (conversation: Conversation) => HandoffChange | undefined,
    within?: Transaction,
  ): Promise<void> {
    const apply = (tx: Transaction): Promise<void> => this.applyHandoffIn(tx, id, changeOf);
    return within ? apply(within) : this.database.transaction(apply);
  }

  /** Appends an agent's words. Throws `failed_precondition` unless this agent holds the conversation. */
  async postAgentMessage(
    id: string,
    agentId: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Message> {
    return this.database.transaction(async (tx) => {
      const conversation = stillOpen(await rows.lockConversation(tx, id));
      if (conversation.status !== 'with_agent' || conversation.handoff?.agentId !== agentId) {
        throw new AppError(
          'failed_precondition',
          'Accept the handoff of this conversation before you reply in it.',
        );
      }
      const known = clientMessageId && (await rows.selectByClientId(tx, id, 'agent', clientMessageId));
      if (known) return known;
      const message = await rows.appendMessage(tx, id, {
        role: 'agent',
        text,
        agentId,
        clientMessageId,
        sources: [],
        degraded: false,
      });
      await this.facts.agentWrote(tx, id, message);
      this.announce(tx, conversation);
      return message;
    });
  }

  /** Ends the conversation; ending it again changes nothing. */
  async close(id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      const conversation = found(await rows.lockConversation(tx, id));
      if (conversation.status === 'closed') return conversation;
      const closed = await rows.updateHead(tx, id, { ...conversation, status: 'closed', raiseFence: true });
      await this.facts.closed(tx, id);
      this.announce(tx, closed);
      return closed;
    });
  }

  /** Stores a rating; a second one of the same message replaces the first. */
  async rate(id: string, rating: Rating): Promise<void> {
    await this.database.transaction(async (tx) => {
      found(await rows.selectConversation(tx, id));
      await rows.upsertFeedback(tx, id, rating);
      await this.facts.rated(tx, id, rating);
    });
  }

  private async begin(
    tx: Transaction,
    id: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Acceptance> {
    const turnId = newId();
    const begun = await rows.beginTurn(tx, id, { turnId, text, clientMessageId });
    if (!begun) {
      stillOpen(await rows.selectConversation(tx, id));
      throw new AppError('aborted', 'The conversation changed at the same moment: send the message again.');
    }
    await this.facts.customerWrote(tx, id, begun.message);
    this.announce(tx, begun.conversation);
    const turn = { turnId, ...begun };
    if (begun.conversation.status !== 'with_agent') return { outcome: 'begun', turn };

    const silent = { reading: null, degraded: false, handoff: begun.conversation.handoff, timings: {} };
    await rows.endSilentTurn(tx, turnId, silent);
    return {
      outcome: 'finished',
      turn,
      reply: { conversationId: id, turnId, message: null, ...silent },
      replayed: false,
    };
  }

  private async takeAgain(
    tx: Transaction,
    id: string,
    text: string,
    clientMessageId: string,
  ): Promise<Acceptance> {
    const conversation = found(await rows.lockConversation(tx, id));
    const message = await rows.selectByClientId(tx, id, 'customer', clientMessageId);
    if (!message?.turnId) throw new AppError('internal', 'The conversation is not consistent.');
    if (message.text !== text) {
      throw new AppError(
        'already_exists',
        'This clientMessageId was used for another text: take a new one for each message.',
      );
    }
    const turn = { turnId: message.turnId, conversation, message };
    const reply = await rows.selectReply(tx, id, message.turnId);
    if (reply) return { outcome: 'finished', turn, reply, replayed: true };
    if (
      conversation.status === 'with_agent' ||
      conversation.status === 'closed' ||
      !(await rows.isNewestCustomerMessage(tx, id, message.seq))
    ) {
      return { outcome: 'superseded', turn };
    }
    const owned = await rows.updateHead(tx, id, { ...conversation, raiseFence: true });
    this.announce(tx, owned);
    return { outcome: 'begun', turn: { ...turn, conversation: owned } };
  }

  private async applyHandoffIn(
    tx: Transaction,
    id: string,
    changeOf: (conversation: Conversation) => HandoffChange | undefined,
  ): Promise<void> {
    const conversation = await rows.lockConversation(tx, id);
    const change = conversation && changeOf(conversation);
    const ticket = conversation?.handoff;
    // The conversation was erased or closed, asked for another person since, or knows something newer.
    if (
      !change ||
      !ticket ||
      ticket.id !== change.handoffId ||
      ticket.revision >= change.revision ||
      conversation.status === 'closed'
    )
      return;

    const ticketNow = { ...ticket, revision: change.revision, position: 0 };
    const head = ((): HeadChange => {
      switch (change.state) {
        case 'queued':
          return {
            status: 'waiting',
            handoff: {
              ...ticketNow,
              state: 'waiting',
              position: change.position,
              agentId: '',
              agentName: '',
            },
          };
        case 'accepted':
          return {
            status: 'with_agent',
            handoff: { ...ticketNow, state: 'active', agentId: change.agentId, agentName: change.agentName },
          };
        case 'returned':
          return { status: 'open', handoff: { ...ticketNow, state: 'returned' } };
        case 'closed':
          return { status: 'closed', handoff: { ...ticketNow, state: 'closed' } };
      }
    })();
    const { memory: before } = conversation;
    const memory = change.state === 'returned' ? { ...freshMemory, language: before.language } : before;
    // A new owner raises the fence, so that nothing the bot still had in hand reaches the customer.
    const updated = await rows.updateHead(tx, id, { ...head, memory, raiseFence: change.state !== 'queued' });
    if (change.state !== 'queued')
      await rows.appendMessage(tx, id, {
        role: 'system',
        text: change.announcement,
        sources: [],
        degraded: false,
      });
    if (change.state === 'closed') await this.facts.closed(tx, id);
    this.announce(tx, updated);
  }

  private announce(tx: Transaction, { id, fence }: Pick<Conversation, 'id' | 'fence'>): void {
    const tenantId = tx.tenantId!;
    tx.afterCommit(() => this.live.changed(tenantId, id, fence));
  }
}

export function newTicket(reason: HandoffReason, position: number): HandoffTicket {
  return { id: newId(), reason, state: 'waiting', position, agentId: '', agentName: '', revision: 0 };
}

function found(conversation: Conversation | undefined): Conversation {
  if (!conversation) throw new AppError('not_found', 'There is no such conversation.');
  return conversation;
}

function stillOpen(conversation: Conversation | undefined): Conversation {
  const open = found(conversation);
  if (open.status === 'closed')
    throw new AppError('failed_precondition', 'This conversation is closed: open a new one.');
  return open;
}
