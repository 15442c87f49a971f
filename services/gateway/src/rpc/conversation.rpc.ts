/** `frontdesk.gateway.v1.ConversationService`: the same conversations by gRPC, for strangers with a channel key. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import type { Understanding } from '@frontdesk/contracts/common/v1/understanding';
import { DialogueService, type ConverseResponse } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import * as wire from '@frontdesk/contracts/gateway/v1/conversation_service';
import { InjectRpc, Rpc, type CallContext, type RpcClient } from '@frontdesk/rpc';
import { Access } from '../access/access.js';
import { RequestLimits, tooMuch } from '../limits/request-limits.js';
import { gatewayMetrics } from '../metrics.js';
import { Customers, type Speaker } from './customers.js';
import { Follow, type WatchEvent } from './follow.js';

const { ConversationService } = wire;

const longestCustomerId = 128;

type TurnEvent = NonNullable<MessageInitShape<typeof wire.SendMessageResponseSchema>['event']>;
type SeenEvent = NonNullable<MessageInitShape<typeof wire.WatchResponseSchema>['event']>;

@Controller()
export class ConversationRpc {
  constructor(
    private readonly access: Access,
    private readonly limits: RequestLimits,
    private readonly customers: Customers,
    private readonly follow: Follow,
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
  ) {}

  @Rpc(ConversationService.method.createConversation)
  async createConversation(
    request: wire.CreateConversationRequest,
    call: CallContext,
  ): Promise<MessageInitShape<typeof wire.CreateConversationResponseSchema>> {
    const speaker = await this.admit(call);
    await this.customers.count(speaker, limitKeyOf(request.customer?.id ?? ''));
    const { bot, channel, locale, customer } = request;
    const { conversation } = await this.dialogue.openConversation({
      bot,
      channel: channel || 'grpc',
      locale,
      ...(customer && { customer }),
    });
    this.customers.remember(speaker.known, conversation!);
    return { conversation: conversation! };
  }

  @Rpc(ConversationService.method.sendMessage)
  async *sendMessage(
    request: wire.SendMessageRequest,
    call: CallContext,
  ): AsyncGenerator<MessageInitShape<typeof wire.SendMessageResponseSchema>> {
    const speaker = await this.admit(call);
    const { conversationId, text, clientMessageId } = request;
    await this.customers.countMessage(speaker, conversationId);
    for await (const { event } of this.dialogue.converse({ conversationId, text, clientMessageId })) {
      const told = turnEventOf(event);
      if (told) yield { event: told };
    }
  }

  @Rpc(ConversationService.method.listMessages)
  async listMessages(
    request: wire.ListMessagesRequest,
    call: CallContext,
  ): Promise<MessageInitShape<typeof wire.ListMessagesResponseSchema>> {
    await this.admit(call);
    const { conversationId, afterSeq, limit } = request;
    const { messages, nextAfterSeq } = await this.dialogue.listMessages({ conversationId, afterSeq, limit });
    return { messages, nextAfterSeq };
  }

  @Rpc(ConversationService.method.watch)
  async *watch(
    request: wire.WatchRequest,
    call: CallContext,
  ): AsyncGenerator<MessageInitShape<typeof wire.WatchResponseSchema>> {
    await this.admit(call);
    const { conversationId, afterSeq } = request;
    for await (const event of this.follow.conversation(conversationId, Number(afterSeq), call.signal)) {
      const seen = seenEventOf(event);
      if (seen) yield { event: seen };
    }
  }

  /** The caller by the credential in the metadata, counted and named to everything this call does. */
  private async admit(call: CallContext): Promise<Speaker> {
    const caller = await this.access.identify(call.metadata.get('authorization'));
    const language = call.metadata.get('accept-language');
    const rate = await this.limits.ofTenant(caller);
    if (!rate.allowed) {
      gatewayMetrics.refused.inc({ reason: 'tenant' });
      throw tooMuch(rate, language);
    }
    if (caller.principal.kind !== 'channel' || caller.tenantId === undefined)
      throw new AppError('permission_denied', 'This call takes a key of kind channel.');
    call.identify({ tenantId: caller.tenantId, principal: caller.principal });
    return { known: caller, ...(language !== undefined && { language }), count: () => undefined };
  }
}

/** What is counted is kept: nothing of any length may be. */
function limitKeyOf(customerId: string): string {
  if (customerId.length <= longestCustomerId) return customerId;
  const message = `must have at most ${longestCustomerId} characters`;
  throw new AppError('invalid_argument', `customer.id ${message}.`, {
    fields: [{ field: 'customer.id', message }],
  });
}

function turnEventOf(event: ConverseResponse['event']): TurnEvent | undefined {
  switch (event.case) {
    case 'accepted': {
      const { turnId, messageSeq } = event.value;
      return { case: 'turn', value: { turnId, messageSeq } };
    }
    case 'understood':
      return { case: 'understanding', value: withoutEmbedding(event.value) };
    case 'token':
      return { case: 'token', value: event.value.text };
    case 'replied': {
      const { understanding, ...reply } = event.value;
      return {
        case: 'message',
        value: { ...reply, ...(understanding && { understanding: withoutEmbedding(understanding) }) },
      };
    }
    case 'superseded':
      return { case: 'superseded', value: { turnId: event.value.turnId } };
    default:
      return undefined;
  }
}

/** The end of the conversation is the end of the stream. */
function seenEventOf(event: WatchEvent): SeenEvent | undefined {
  switch (event.case) {
    case 'message':
      return { case: 'message', value: event.value };
    case 'typing':
      return { case: 'typing', value: event.value.role };
    case 'handoff':
      return { case: 'handoff', value: event.value };
    case 'closed':
      return undefined;
  }
}

/** For our own search only. */
function withoutEmbedding(understanding: Understanding): Understanding {
  return { ...understanding, embedding: [] };
}
