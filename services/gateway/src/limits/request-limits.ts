/**
 * How much a tenant, a customer and an unknown address may ask for. Counted over all pods through the key-value
 * store, which decides by itself, from this pod's share, while it is out of reach: a limit never stops the chat.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { KeyValue, type RateDecision, type RateLimit } from '@frontdesk/store';
import type { Caller } from '../access/access.js';
import { GatewayConfig } from '../config.js';

const windowMs = 60_000;

@Injectable()
export class RequestLimits {
  constructor(
    private readonly keyValue: KeyValue,
    private readonly config: GatewayConfig,
  ) {}

  /** One request of the caller's tenant; of the platform, for its own key. */
  ofTenant({ tenantId = 'platform', requestsPerMinute }: Caller): Promise<RateDecision> {
    return this.keyValue.consume({ name: 'tenant', points: requestsPerMinute, windowMs }, tenantId);
  }

  /** One message, or one new conversation, of a customer. */
  ofCustomer({ tenantId = '', perCustomerPerMinute }: Caller, customerId: string): Promise<RateDecision> {
    const limit = { name: 'customer', points: perCustomerPerMinute, windowMs };
    return this.keyValue.consume(limit, `${tenantId}/${customerId}`);
  }

  /** One request without a valid credential. */
  ofAddress(address: string): Promise<RateDecision> {
    return this.keyValue.consume(this.addressLimit, address);
  }

  /** What is left of an address's requests, none of which is taken: `allowed` says whether there is one more. */
  async leftOfAddress(address: string): Promise<RateDecision> {
    const rate = await this.keyValue.consume(this.addressLimit, address, 0);
    return { ...rate, allowed: rate.remaining > 0 };
  }

  private get addressLimit(): RateLimit {
    return { name: 'address', points: this.config.ADDRESS_REQUESTS_PER_MINUTE, windowMs };
  }
}

/** What a customer reads when it was too much; in their language where it is known (BCP 47), else in both. */
export function tooMuch({ resetMs }: RateDecision, language: string | undefined): AppError {
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
  const en = `That was a lot at once. Please wait ${seconds} s and try again.`;
  const zh = `您发送得太快了，请 ${seconds} 秒后再试。`;
  const text = !language ? `${zh} ${en}` : /^zh/i.test(language) ? zh : en;
  return new AppError('resource_exhausted', text, { retryAfterMs: seconds * 1_000 });
}
