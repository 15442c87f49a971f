/** What a person at the desk and a customer who wants one do to a conversation. */
import { Injectable } from '@nestjs/common';
import { BotLibrary } from '../bots/bot-library.js';
import { ConversationLog, type HandoffChange } from '../conversation/conversation-log.js';
import type { Conversation, HandoffTicket, Message } from '../conversation/conversation.js';
import { AgentQueue } from '../turn/ports.js';
import { summarise } from '../turn/speak.js';

const briefMessages = 6;

@Injectable()
export class HandoffDesk {
  constructor(
    private readonly log: ConversationLog,
    private readonly bots: BotLibrary,
    private readonly queue: AgentQueue,
  ) {}

  /** Asks for a person; asking again gives the ticket there is. */
  async callPerson(conversationId: string, note: string): Promise<HandoffTicket> {
    const conversation = await this.log.get(conversationId);
    const bot = this.bots.of(conversation.bot);
    const language = bot.spoken(heard(conversation));
    const newest = await this.log.history(conversationId, Number.MAX_SAFE_INTEGER, briefMessages);
    const brief = { skill: bot.skillFor([]), language, priority: 0, summary: summarise(newest, note) };
    const position = await this.queue.previewPosition(brief.skill, brief.priority);
    const announcement =
      position > 0
        ? bot.say('handoff.queued', language, { position: String(position) })
        : bot.say('handoff.queued_unknown', language);
    return this.log.requestHandoff(conversationId, 'customer_request', position, announcement, brief);
  }

  /** An agent's words. An agent whose acceptance has not been told yet is asked for at the handoff service. */
  async reply(
    conversationId: string,
    agentId: string,
    text: string,
    clientMessageId: string | undefined,
  ): Promise<Message> {
    const conversation = await this.log.get(conversationId);
    if (conversation.status !== 'with_agent') {
      const active = await this.queue.active(conversationId);
      if (active?.agentId === agentId) {
        await this.log.applyHandoff(conversationId, (now) => ({
          ...active,
          state: 'accepted',
          announcement: this.announce('accepted', now, active.agentName),
        }));
      }
    }
    return this.log.postAgentMessage(conversationId, agentId, text, clientMessageId);
  }

  /** What the customer is told when the handoff changes. */
  announce(state: Exclude<HandoffChange['state'], 'queued'>, conversation: Conversation, agent = ''): string {
    const bot = this.bots.of(conversation.bot);
    return bot.say(`handoff.${state}`, bot.spoken(heard(conversation)), { agent });
  }
}

/** The customer's language: as last heard, else as the channel said. */
const heard = ({ memory, locale }: Conversation): string => memory.language || locale;
