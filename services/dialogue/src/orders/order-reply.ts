/** What there is to tell of an order, and with which values. Pure. */
import type { Order } from './order-system.js';

export interface OrderReply {
  /** The last part of the template `order_status.<situation>`. */
  readonly situation: Order['status'] | 'overdue';
  readonly values: Readonly<Record<string, string>>;
}

/** Overdue is no status of the order system: it is an order that has not arrived by the promised moment. */
export function orderReply(order: Order, language: string, now: Date): OrderReply {
  const late = order.promisedBy !== undefined && new Date(order.promisedBy) < now;
  const onItsWay = order.status === 'paid' || order.status === 'shipped';
  const day = (moment: string | undefined): string => (moment ? formatDay(new Date(moment), language) : '—');
  return {
    situation: late && onItsWay ? 'overdue' : order.status,
    values: {
      orderId: order.id,
      carrier: order.carrier ?? '—',
      trackingNumber: order.trackingNumber ?? '—',
      shippedAt: day(order.shippedAt),
      deliveredAt: day(order.deliveredAt),
      cancelledAt: day(order.cancelledAt),
      promisedBy: day(order.promisedBy),
      eta: day(order.promisedBy),
    },
  };
}

/** The shop's day, wherever the customer is: it is the shop that promised. */
const shopTimeZone = 'Asia/Shanghai';

function formatDay(moment: Date, language: string): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone: shopTimeZone }).format(
    moment,
  );
}
