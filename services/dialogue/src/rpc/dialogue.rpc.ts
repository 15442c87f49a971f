/** `frontdesk.dialogue.v1.DialogueService` on the domain: translation and the checks of untrusted input, nothing else. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import { AppError, currentContext, requireTenant } from '@frontdesk/core';
import * as wire from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { Rpc, type CallContext } from '@frontdesk/rpc';
import { BotLibrary } from '../bots/bot-library.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import { LiveConversations } from '../conversation/live-conversations.js';
import { HandoffDesk } from '../handoff/handoff-desk.js';
import { Turns, type TurnEvent } from '../turn/turn.js';
import { Watch, type WatchEvent } from '../watch/watch.js';
import { atMost, attributesOf, positionOf, ratingOf, required, textOf } from './checks.js';
import {
  toWireConversation,
  toWireMessage,
  toWireReading,
  toWireReply,
  toWireRole,
  toWireTicket,
} from './wire.js';

const { DialogueService } = wire;

@Controller()
export class DialogueRpc {
  constructor(
    private readonly log: ConversationLog,
    private readonly turns: Turns,
    private readonly watching: Watch,
    private readonly desk: HandoffDesk,
    private readonly live: LiveConversations,
    private readonly bots: BotLibrary,
  ) {}

  @Rpc(DialogueService.method.openConversation)
  async openConversation(
    request: wire.OpenConversationRequest,
  ): Promise<MessageInitShape<typeof wire.OpenConversationResponseSchema>> {
    const customer = request.customer;
    const conversation = await this.log.open({
      id: atMost(request.conversationId, 'conversationId', 64) || undefined,
      bot: this.bots.choose(request.bot).name,
      channel: atMost(request.channel, 'channel', 64) || 'api',
      locale: atMost(request.locale, 'locale', 35),
      customer: {
        id: required(atMost(customer?.id ?? '', 'customer.id', 128), 'customer.id'),
        name: atMost(customer?.name ?? '', 'customer.name', 200),
        attributes: attributesOf(customer?.attributes ?? {}),
      },
    });
    return { conversation: toWireConversation(conversation) };
  }

  @Rpc(DialogueService.method.getConversation)
  async getConversation(
    request: wire.GetConversationRequest,
  ): Promise<MessageInitShape<typeof wire.GetConversationResponseSchema>> {
    return { conversation: toWireConversation(await this.log.get(request.conversationId)) };
  }

  @Rpc(DialogueService.method.converse)
  async *converse(
    request: wire.ConverseRequest,
  ): AsyncGenerator<MessageInitShape<typeof wire.ConverseResponseSchema>> {
    for await (const event of this.turnOn(request)) yield { event: toWireTurnEvent(event) };
  }

  @Rpc(DialogueService.method.ask)
  async ask(request: wire.AskRequest): Promise<MessageInitShape<typeof wire.AskResponseSchema>> {
    for await (const event of this.turnOn(request)) {
      if (event.type === 'replied') return { outcome: { case: 'replied', value: toWireReply(event.reply) } };
      if (event.type === 'superseded')
        return { outcome: { case: 'superseded', value: { turnId: event.turnId } } };
    }
    return {};
  }

  private turnOn(message: wire.ConverseRequest | wire.AskRequest): AsyncGenerator<TurnEvent> {
    const clientMessageId = atMost(message.clientMessageId, 'clientMessageId', 128) || undefined;
    return this.turns.take(message.conversationId, textOf(message.text), clientMessageId);
  }

  @Rpc(DialogueService.method.watch)
  async *watch(
    request: wire.WatchRequest,
    call: CallContext,
  ): AsyncGenerator<MessageInitShape<typeof wire.WatchResponseSchema>> {
    for await (const event of this.watching.follow(
      request.conversationId,
      positionOf(request.afterSeq),
      call.signal,
    )) {
      yield { event: toWireWatchEvent(event) };
    }
  }

  @Rpc(DialogueService.method.listMessages)
  async listMessages(
    request: wire.ListMessagesRequest,
  ): Promise<MessageInitShape<typeof wire.ListMessagesResponseSchema>> {
    const limit = Math.min(request.limit || 50, 200);
    const after = positionOf(request.afterSeq);
    const page = (await this.log.read(request.conversationId, after, limit + 1)).messages;
    const messages = page.slice(0, limit);
    return {
      messages: messages.map(toWireMessage),
      nextAfterSeq: BigInt(page.length > limit ? messages.at(-1)!.seq : 0),
    };
  }

  @Rpc(DialogueService.method.requestHandoff)
  async requestHandoff(
    request: wire.RequestHandoffRequest,
  ): Promise<MessageInitShape<typeof wire.RequestHandoffResponseSchema>> {
    const ticket = await this.desk.callPerson(request.conversationId, atMost(request.note, 'note', 1_000));
    return { handoff: toWireTicket(ticket) };
  }

  @Rpc(DialogueService.method.postAgentMessage)
  async postAgentMessage(
    request: wire.PostAgentMessageRequest,
  ): Promise<MessageInitShape<typeof wire.PostAgentMessageResponseSchema>> {
    const principal = currentContext()?.principal;
    if (principal?.kind !== 'agent')
      throw new AppError('permission_denied', 'Only an agent may reply for the shop.');
    const clientMessageId = atMost(request.clientMessageId, 'clientMessageId', 128) || undefined;
    const message = await this.desk.reply(
      request.conversationId,
      principal.id,
      textOf(request.text),
      clientMessageId,
    );
    return { message: toWireMessage(message) };
  }

  @Rpc(DialogueService.method.signalTyping)
  async signalTyping(
    request: wire.SignalTypingRequest,
  ): Promise<MessageInitShape<typeof wire.SignalTypingResponseSchema>> {
    await this.log.get(request.conversationId);
    this.live.typing(
      requireTenant(),
      request.conversationId,
      currentContext()?.principal?.kind === 'agent' ? 'agent' : 'customer',
    );
    return {};
  }

  @Rpc(DialogueService.method.closeConversation)
  async closeConversation(
    request: wire.CloseConversationRequest,
  ): Promise<MessageInitShape<typeof wire.CloseConversationResponseSchema>> {
    return { conversation: toWireConversation(await this.log.close(request.conversationId)) };
  }

  @Rpc(DialogueService.method.addFeedback)
  async addFeedback(
    request: wire.AddFeedbackRequest,
  ): Promise<MessageInitShape<typeof wire.AddFeedbackResponseSchema>> {
    await this.log.rate(request.conversationId, {
      rating: ratingOf(request.rating),
      comment: atMost(request.comment, 'comment', 2_000),
      messageSeq: positionOf(request.messageSeq),
    });
    return {};
  }

  @Rpc(DialogueService.method.listBots)
  listBots(): Promise<MessageInitShape<typeof wire.ListBotsResponseSchema>> {
    return Promise.resolve({
      bots: this.bots.all.map((bot) => ({ name: bot.name, languages: [...bot.languages] })),
    });
  }
}

type WireTurnEvent = NonNullable<MessageInitShape<typeof wire.ConverseResponseSchema>['event']>;
type WireWatchEvent = NonNullable<MessageInitShape<typeof wire.WatchResponseSchema>['event']>;

function toWireTurnEvent(event: TurnEvent): WireTurnEvent {
  switch (event.type) {
    case 'accepted':
      return {
        case: 'accepted',
        value: { turnId: event.turnId, messageSeq: BigInt(event.messageSeq), replayed: event.replayed },
      };
    case 'understood':
      return { case: 'understood', value: toWireReading(event.reading) };
    case 'token':
      return { case: 'token', value: { text: event.text } };
    case 'replied':
      return { case: 'replied', value: toWireReply(event.reply) };
    case 'superseded':
      return { case: 'superseded', value: { turnId: event.turnId } };
  }
}

function toWireWatchEvent(event: WatchEvent): WireWatchEvent {
  switch (event.type) {
    case 'message':
      return { case: 'message', value: toWireMessage(event.message) };
    case 'typing':
      return { case: 'typing', value: { role: toWireRole(event.role) } };
    case 'handoff':
      return { case: 'handoff', value: toWireTicket(event.ticket) };
    case 'closed':
      return { case: 'closed', value: {} };
  }
}
