// The five orders every demo customer may ask about, one per situation a shop has to explain.
//
// Promises: each situation holds on whatever day it is asked. All moments are counted from `now`, so
// A1001 is always on its way and A1004 always two days late. A total is the sum of its items.
// Articles and prices are those of the shop's product pages (infra/demo/bots/shop/articles).
// Overdue is no status: it is a paid order whose `promisedBy` has passed.

export type OrderStatus = 'paid' | 'shipped' | 'delivered' | 'cancelled';

export interface Money {
  /** In whole yuan or dollars, as the demo shop prices everything. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: 'CNY' | 'USD';
}

export interface OrderItem {
  readonly sku: string;
  /** In the language it was bought in. */
  readonly title: string;
  readonly quantity: number;
  /** Of one piece, in the currency of the order's total. */
  readonly price: number;
}

export interface Refund extends Money {
  readonly status: 'processing' | 'completed';
  readonly requestedAt: string;
  readonly completedAt?: string;
}

/** All times are RFC 3339 in UTC. An optional one is there once the thing has happened. */
export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly placedAt: string;
  readonly paidAt: string;
  readonly shippedAt?: string;
  readonly deliveredAt?: string;
  readonly cancelledAt?: string;
  /** When the customer was told the parcel would be there at the latest. */
  readonly promisedBy: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly refund?: Refund;
}

/** The one customer in whose name the demo's orders stand. */
export const DEMO_CUSTOMER = 'demo-customer';

const DAY_MS = 86_400_000;
const HOURS = 1 / 24;

/** The demo's orders as they stand at `now`, by id. */
export function ordersAt(now: Date): readonly Order[] {
  const daysFromNow = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString();

  return [
    order('A1001', 'CNY', [EARBUDS, CHARGER], {
      status: 'shipped',
      placedAt: daysFromNow(-3),
      paidAt: daysFromNow(-3 + 0.1 * HOURS),
      shippedAt: daysFromNow(-2),
      promisedBy: daysFromNow(2),
      carrier: 'ZTO Express',
      trackingNumber: '75401223857761',
    }),
    order('A1002', 'CNY', [KETTLE], {
      status: 'paid',
      placedAt: daysFromNow(-8 * HOURS),
      paidAt: daysFromNow(-7.8 * HOURS),
      promisedBy: daysFromNow(4),
    }),
    order('A1003', 'USD', [HEADLAMP, SPEAKER, POWER_BANK], {
      status: 'delivered',
      placedAt: daysFromNow(-16),
      paidAt: daysFromNow(-16 + 0.2 * HOURS),
      shippedAt: daysFromNow(-15),
      deliveredAt: daysFromNow(-4),
      promisedBy: daysFromNow(-1),
      carrier: 'YunExpress',
      trackingNumber: 'YT2530921100417762',
    }),
    order('A1004', 'CNY', [TENT], {
      status: 'paid',
      placedAt: daysFromNow(-9),
      paidAt: daysFromNow(-9 + 0.1 * HOURS),
      promisedBy: daysFromNow(-2),
    }),
    order('A1005', 'CNY', [LAMP], {
      status: 'cancelled',
      placedAt: daysFromNow(-6),
      paidAt: daysFromNow(-6 + 0.1 * HOURS),
      cancelledAt: daysFromNow(-5),
      promisedBy: daysFromNow(-1),
      refund: {
        status: 'completed',
        amount: LAMP.price,
        currency: 'CNY',
        requestedAt: daysFromNow(-5),
        completedAt: daysFromNow(-3),
      },
    }),
  ];
}

const CHARGER: OrderItem = {
  sku: 'LM-CH-065',
  title: '蓝木 CH065 氮化镓充电器 65W',
  quantity: 2,
  price: 139,
};
const EARBUDS: OrderItem = { sku: 'LM-EB-310', title: '蓝木 EB310 降噪蓝牙耳机', quantity: 1, price: 249 };
const KETTLE: OrderItem = { sku: 'LM-KT-017', title: '蓝木 KT017 电热水壶 1.7 升', quantity: 1, price: 139 };
const HEADLAMP: OrderItem = { sku: 'LM-HL-420', title: 'Lanmu HL420 headlamp', quantity: 2, price: 17 };
const SPEAKER: OrderItem = {
  sku: 'LM-SP-120',
  title: 'Lanmu SP120 portable Bluetooth speaker',
  quantity: 1,
  price: 37,
};
const POWER_BANK: OrderItem = {
  sku: 'LM-PB-100',
  title: 'Lanmu PB100 power bank 10,000 mAh',
  quantity: 1,
  price: 22,
};
const TENT: OrderItem = { sku: 'LM-TN-402', title: '蓝木 TN402 双人帐篷', quantity: 1, price: 499 };
const LAMP: OrderItem = { sku: 'LM-LP-150', title: '蓝木 LP150 护眼台灯', quantity: 1, price: 229 };

type Course = Omit<Order, 'id' | 'customerId' | 'items' | 'total'>;

function order(id: string, currency: Money['currency'], items: readonly OrderItem[], course: Course): Order {
  const amount = items.reduce((sum, item) => sum + item.price * item.quantity, 0);
  return { id, customerId: DEMO_CUSTOMER, items, total: { amount, currency }, ...course };
}
