/**
 * Who the customer of a conversation is, and how much they may still say. The customer of a conversation never
 * changes, so it is asked for once and remembered for a while.
 */
import { Injectable } from '@nestjs/common';
import { AppError, systemClock } from '@frontdesk/core';
import type { Conversation } from '@frontdesk/contracts/common/v1/conversation';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import { ExpiringMap, type RateDecision } from '@frontdesk/store';
import type { Caller } from '../access/access.js';
import { RequestLimits, tooMuch } from '../limits/request-limits.js';
import { gatewayMetrics } from '../metrics.js';

/** Whoever speaks for a customer, by whichever way in. */
export interface Speaker {
  readonly known: Caller;
  /** BCP 47, as the caller's app says. */
  readonly language?: string | undefined;
  count(rate: RateDecision): void;
}

const rememberMs = 60 * 60_000;
const rememberAtMost = 100_000;

@Injectable()
export class Customers {
  private readonly remembered = new ExpiringMap<string>(rememberAtMost, systemClock);

  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    private readonly limits: RequestLimits,
  ) {}

  remember({ tenantId }: Caller, conversation: Conversation): void {
    const customer = conversation.customer?.id ?? '';
    this.remembered.set(`${tenantId}/${conversation.id}`, customer, rememberMs);
  }

  /** The head of a conversation of the caller's tenant. Throws `not_found`. */
  async conversation(caller: Caller, conversationId: string): Promise<Conversation> {
    const { conversation } = await this.dialogue.getConversation({ conversationId });
    if (!conversation) throw new AppError('not_found', 'There is no such conversation.');
    this.remember(caller, conversation);
    return conversation;
  }

  /** One message in a conversation. Throws `not_found`, or `resource_exhausted` when its customer said too much. */
  async countMessage(speaker: Speaker, conversationId: string): Promise<void> {
    const caller = speaker.known;
    const customer =
      this.remembered.get(`${caller.tenantId}/${conversationId}`) ??
      (await this.conversation(caller, conversationId)).customer?.id ??
      '';
    await this.count(speaker, customer);
  }

  /** One request of a customer who is named. Throws `resource_exhausted` when it is one too many. */
  async count(speaker: Speaker, customerId: string): Promise<void> {
    const rate = await this.limits.ofCustomer(speaker.known, customerId);
    speaker.count(rate);
    if (rate.allowed) return;
    gatewayMetrics.refused.inc({ reason: 'customer' });
    throw tooMuch(rate, speaker.language);
  }
}
