import { orderReply } from './order-reply.js';
import type { Order } from './order-system.js';

const now = new Date('2026-11-20T04:00:00Z');
const tomorrow = '2026-11-21T16:30:00Z';
const yesterday = '2026-11-19T16:30:00Z';

describe('what there is to tell of an order', () => {
  it.each<[Order['status'], string | undefined, string]>([
    ['paid', tomorrow, 'paid'],
    ['paid', yesterday, 'overdue'],
    ['paid', undefined, 'paid'],
    ['shipped', tomorrow, 'shipped'],
    ['shipped', yesterday, 'overdue'],
    ['delivered', yesterday, 'delivered'],
    ['cancelled', yesterday, 'cancelled'],
  ])('%s, promised by %s → %s', (status, promisedBy, expected) => {
    const order: Order = { id: 'A1', status, ...(promisedBy && { promisedBy }) };
    expect(orderReply(order, 'en', now).situation).toBe(expected);
  });

  it('names days as the shop counts them, in the language of the customer', () => {
    const order: Order = { id: 'A1', status: 'paid', promisedBy: tomorrow };
    expect(orderReply(order, 'en', now).values['promisedBy']).toBe('22 November');
    expect(orderReply(order, 'zh', now).values['promisedBy']).toBe('11月22日');
  });

  it('has a value for everything a template may name', () => {
    const { values } = orderReply({ id: 'A1', status: 'shipped', carrier: 'SF' }, 'en', now);
    expect(values).toEqual({
      orderId: 'A1',
      carrier: 'SF',
      trackingNumber: '—',
      shippedAt: '—',
      deliveredAt: '—',
      cancelledAt: '—',
      promisedBy: '—',
      eta: '—',
    });
  });
});
