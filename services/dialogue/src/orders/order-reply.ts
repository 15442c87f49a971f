/** Which template tells an order's real status, and with which values. Pure. */
import type { Order } from './order-system.js';

export interface OrderReply {
  /** `order_status.<situation>` of the bot's templates. */
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Overdue is no status of the order system: it is an order still on its way after the promised day. */
export function orderReply(order: Order, language: string, now: Date): OrderReply {
  const late = order.promisedBy !== undefined && new Date(order.promisedBy) < now;
  const situation =
    late && (order.status === 'paid' || order.status === 'shipped') ? 'overdue' : order.status;
  const day = (moment: string | undefined): string => (moment ? formatDay(new Date(moment), language) : '—');
  return {
    template: `order_status.${situation}`,
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

function formatDay(moment: Date, language: string): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone: 'Asia/Shanghai' }).format(
    moment,
  );
}
