/** What a person at the desk and a customer who wants one do to a conversation. */
import { Injectable } from '@nestjs/common';
import { BotLibrary } from '../bots/bot-library.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import type { Conversation, HandoffTicket, Message } from '../conversation/conversation.js';
import { newTicket, type HandoffChange } from '../conversation/handoff-change.js';
import { HandoffLog, holds } from '../conversation/handoff-log.js';
import { moodInWords, priorityOf } from '../emotion/care.js';
import { trajectoryOf } from '../emotion/trajectory.js';
import { AgentQueue } from '../turn/ports.js';
import { summarise } from './summary.js';

const briefMessages = 6;

@Injectable()
export class HandoffDesk {
  constructor(
    private readonly conversations: ConversationLog,
    private readonly log: HandoffLog,
    private readonly bots: BotLibrary,
    private readonly queue: AgentQueue,
  ) {}

  /** Asks for a person; asking again gives the ticket there is. */
  async callPerson(conversationId: string, note: string): Promise<HandoffTicket> {
    const conversation = await this.conversations.get(conversationId);
    const bot = this.bots.of(conversation.bot);
    const language = bot.spoken(languageOf(conversation));
    const newest = await this.conversations.history(conversationId, Number.MAX_SAFE_INTEGER, briefMessages);
    const mood = trajectoryOf(conversation.memory.feelings);
    const talk = note ? [...newest, { role: 'customer' as const, text: note }] : newest;
    const brief = {
      skill: bot.skillFor([]),
      language,
      priority: priorityOf(undefined, mood),
      summary: summarise(talk, moodInWords(undefined, mood)),
      mood,
      emotion: '',
    };
    const position = await this.queue.previewPosition(brief.skill, brief.priority);
    const ticket = newTicket('customer_request', position);
    return this.log.request(conversationId, ticket, bot.queued(position, language), brief);
  }

  /** An agent's words. An agent whose acceptance has not been told yet is asked for at the handoff service. */
  async reply(
    conversationId: string,
    agentId: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Message> {
    const conversation = await this.conversations.get(conversationId);
    if (conversation.status !== 'closed' && !holds(conversation, agentId))
      await this.learnOfAcceptance(conversationId, agentId);
    return this.log.write(conversationId, agentId, text, clientMessageId);
  }

  /** What the customer is told when the handoff changes. */
  announce(state: Exclude<HandoffChange['state'], 'queued'>, conversation: Conversation, agent = ''): string {
    const bot = this.bots.of(conversation.bot);
    const template = state === 'accepted' && !agent ? 'handoff.accepted_unnamed' : `handoff.${state}`;
    return bot.say(template, bot.spoken(languageOf(conversation)), { agent });
  }

  private async learnOfAcceptance(conversationId: string, agentId: string): Promise<void> {
    const active = await this.queue.active(conversationId);
    if (active?.agentId !== agentId) return;
    await this.log.apply(conversationId, (conversation) => ({
      ...active,
      state: 'accepted',
      announcement: this.announce('accepted', conversation, active.agentName),
    }));
  }
}

/** The customer's: as last heard, else as the channel said. */
const languageOf = ({ memory, locale }: Conversation): string => memory.language || locale;
