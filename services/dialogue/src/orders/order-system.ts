/**
 * The shop's order system, by HTTP. Its answers are data and never instructions; a slow or broken one costs the
 * customer at most the time-out, and after repeated failures nothing at all for a while.
 */
import { Injectable } from '@nestjs/common';
import { AppError, requireTenant } from '@frontdesk/core';
import { circuitBreaker, ConsecutiveBreaker, handleAll, type CircuitBreakerPolicy } from 'cockatiel';
import { z } from 'zod';
import { DialogueConfig } from '../config.js';

const moment = z.iso.datetime({ offset: true });

const orderSchema = z.object({
  id: z.string(),
  status: z.enum(['paid', 'shipped', 'delivered', 'cancelled']),
  promisedBy: moment.optional(),
  shippedAt: moment.optional(),
  deliveredAt: moment.optional(),
  cancelledAt: moment.optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
});

export type Order = z.output<typeof orderSchema>;

@Injectable()
export class OrderSystem {
  private readonly breaker: CircuitBreakerPolicy = circuitBreaker(handleAll, {
    halfOpenAfter: 5_000,
    breaker: new ConsecutiveBreaker(5),
  });

  constructor(private readonly config: DialogueConfig) {}

  /**
   * The order, or undefined if there is none of this id for this customer: the system is told who asks, and decides.
   * Throws `unavailable` when it gives no usable answer.
   */
  async find(id: string, customerId: string): Promise<Order | undefined> {
    if (!this.config.ORDERS_URL)
      throw new AppError('unavailable', 'No order system is configured: set ORDERS_URL.');
    try {
      return await this.breaker.execute(() =>
        this.fetch(`${this.config.ORDERS_URL}/orders/${encodeURIComponent(id)}`, customerId),
      );
    } catch (error) {
      throw new AppError('unavailable', 'The order system does not answer.', { cause: error });
    }
  }

  private async fetch(url: string, customerId: string): Promise<Order | undefined> {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(this.config.TURN_LOOKUP_MS),
      headers: {
        accept: 'application/json',
        'x-tenant-id': requireTenant(),
        // The channel's id may be any text; a header may not.
        'x-customer-id': encodeURIComponent(customerId),
      },
      redirect: 'error',
    });
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) throw new Error(`The order system answered ${response.status}`);
    return orderSchema.parse(await response.json());
  }
}
