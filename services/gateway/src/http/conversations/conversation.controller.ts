/** Conversations from the outside: opened, read, watched, handed to a person, rated, ended. */
import { Body, Controller, Param, Query, Req, Res } from '@nestjs/common';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Customers } from '../../rpc/customers.js';
import { Follow } from '../../rpc/follow.js';
import { Route } from '../route.js';
import { nextCursor, nothing } from '../schemas.js';
import { Streams } from '../streams.js';
import * as json from './conversation.json.js';
import * as requests from './conversation.requests.js';
import { positionOf, watchEventNames, watchEventOf } from './watch-events.js';

const tag = 'Conversations';
const log = z.strictObject({ messages: z.array(json.messageSchema), nextCursor }).meta({ id: 'Log' });

@Controller()
export class ConversationController {
  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    private readonly customers: Customers,
    private readonly follow: Follow,
    private readonly streams: Streams,
  ) {}

  @Route('POST', '/v1/conversations', {
    tag,
    summary: 'Open a conversation.',
    allow: ['channel'],
    body: requests.newConversation,
    answer: json.conversationSchema,
    status: 201,
  })
  async open(
    @Body() { customer, ...wish }: requests.NewConversation,
    @Req() { visit }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<json.ConversationJson> {
    await this.customers.count(visit, customer.id);
    const { conversation } = await this.dialogue.openConversation({ ...wish, customer });
    this.customers.remember(visit.known, conversation!);
    reply.header('location', `/v1/conversations/${conversation!.id}`);
    return json.conversationOf(conversation!);
  }

  @Route('GET', '/v1/conversations/:id', {
    tag,
    summary: 'Read where a conversation stands.',
    allow: ['channel', 'agent'],
    answer: json.conversationSchema,
  })
  async read(@Param('id') id: string, @Req() { visit }: FastifyRequest): Promise<json.ConversationJson> {
    return json.conversationOf(await this.customers.conversation(visit.known, id));
  }

  @Route('GET', '/v1/conversations/:id/messages', {
    tag,
    summary: 'Read the log, a page at a time.',
    allow: ['channel', 'agent'],
    query: requests.logQuery,
    answer: log,
  })
  async messages(
    @Param('id') conversationId: string,
    @Query() { after = 0, cursor = after, limit = 50 }: requests.LogQuery,
  ): Promise<z.input<typeof log>> {
    const page = await this.dialogue.listMessages({ conversationId, afterSeq: BigInt(cursor), limit });
    return {
      messages: page.messages.map(json.messageOf),
      nextCursor: page.nextAfterSeq > 0n ? String(page.nextAfterSeq) : null,
    };
  }

  @Route('GET', '/v1/conversations/:id/events', {
    tag,
    summary: 'Watch a conversation: the log after Last-Event-ID, then everything new.',
    allow: ['channel', 'agent'],
    headers: { 'last-event-id': 'Id of the last event seen; absent: from the start.' },
    events: watchEventNames,
    patience: 'watch',
  })
  async watch(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = positionOf(request.headers['last-event-id'] as string | undefined);
    await this.customers.conversation(request.visit.known, id);
    await this.streams.watch(request, reply, (signal) => this.events(id, after, signal));
  }

  @Route('POST', '/v1/conversations/:id/typing', {
    tag,
    summary: 'Tell the watchers that somebody is writing.',
    allow: ['channel', 'agent'],
    body: nothing,
  })
  async typing(@Param('id') conversationId: string): Promise<void> {
    await this.dialogue.signalTyping({ conversationId });
  }

  @Route('POST', '/v1/conversations/:id/handoff', {
    tag,
    summary: 'Ask for a person. Asking again gives the handoff under way.',
    allow: ['channel'],
    body: requests.callForPerson,
    answer: json.handoffTicketSchema,
  })
  async callPerson(
    @Param('id') conversationId: string,
    @Body() body: requests.CallForPerson,
  ): Promise<json.HandoffTicketJson> {
    const { handoff } = await this.dialogue.requestHandoff({ conversationId, note: body?.note ?? '' });
    return json.ticketOf(handoff!);
  }

  @Route('POST', '/v1/conversations/:id/close', {
    tag,
    summary: 'End a conversation.',
    allow: ['channel', 'agent'],
    body: nothing,
    answer: json.conversationSchema,
  })
  async close(@Param('id') conversationId: string): Promise<json.ConversationJson> {
    const { conversation } = await this.dialogue.closeConversation({ conversationId });
    return json.conversationOf(conversation!);
  }

  @Route('POST', '/v1/conversations/:id/feedback', {
    tag,
    summary: 'Rate a conversation, or one message of it.',
    allow: ['channel'],
    body: requests.newRating,
  })
  async rate(
    @Param('id') conversationId: string,
    @Body() { rating, comment = '', messageSeq = 0 }: requests.NewRating,
  ): Promise<void> {
    await this.dialogue.addFeedback({ conversationId, rating, comment, messageSeq: BigInt(messageSeq) });
  }

  private async *events(id: string, after: number, signal: AbortSignal) {
    for await (const event of this.follow.conversation(id, after, signal)) yield watchEventOf(event);
  }
}
