// The five orders every demo customer may ask about, one per situation a shop has to explain.
//
// Promises: each situation holds on whatever day it is asked. All moments are counted from `now`, so
// A1001 is always on its way and A1004 always two days late. A total is the sum of its items.
// Overdue is no status: it is a paid order whose `promisedBy` has passed.

export type OrderStatus = 'paid' | 'shipped' | 'delivered' | 'cancelled';

export interface Money {
  /** In major units: 259 is 259 yuan, 74.9 is 74 dollars 90. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: 'CNY' | 'USD';
}

export interface OrderItem {
  readonly sku: string;
  readonly title: { readonly zh: string; readonly en: string };
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
      carrier: 'SF Express',
      trackingNumber: 'SF1400223857761',
    }),
    order('A1002', 'CNY', [KETTLE], {
      status: 'paid',
      placedAt: daysFromNow(-8 * HOURS),
      paidAt: daysFromNow(-7.8 * HOURS),
      promisedBy: daysFromNow(4),
    }),
    order('A1003', 'USD', [LANTERN, POWER_BANK], {
      status: 'delivered',
      placedAt: daysFromNow(-16),
      paidAt: daysFromNow(-16 + 0.2 * HOURS),
      shippedAt: daysFromNow(-14),
      deliveredAt: daysFromNow(-4),
      promisedBy: daysFromNow(-2),
      carrier: 'DHL eCommerce',
      trackingNumber: 'GM605137194001762',
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

const EARBUDS: OrderItem = {
  sku: 'LM-EB20-BLU',
  title: { zh: '蓝木 EB20 真无线耳机 雾蓝', en: 'Lanmu EB20 true wireless earbuds, mist blue' },
  quantity: 1,
  price: 259,
};
const CHARGER: OrderItem = {
  sku: 'LM-CH65-WHT',
  title: { zh: '蓝木 65W 氮化镓充电器 白色', en: 'Lanmu 65 W GaN charger, white' },
  quantity: 2,
  price: 129,
};
const KETTLE: OrderItem = {
  sku: 'LM-KT15-GRN',
  title: { zh: '蓝木 1.5 升保温电水壶 松绿', en: 'Lanmu 1.5 L insulated electric kettle, pine green' },
  quantity: 1,
  price: 189,
};
const LANTERN: OrderItem = {
  sku: 'LM-CL08-SND',
  title: { zh: '蓝木 CL08 充电露营灯 沙色', en: 'Lanmu CL08 rechargeable camping lantern, sand' },
  quantity: 2,
  price: 24.95,
};
const POWER_BANK: OrderItem = {
  sku: 'LM-PB10-BLK',
  title: { zh: '蓝木 10000mAh 移动电源 黑色', en: 'Lanmu 10,000 mAh power bank, black' },
  quantity: 1,
  price: 32.9,
};
const TENT: OrderItem = {
  sku: 'LM-TN2P-OLV',
  title: { zh: '蓝木双人三季帐篷 橄榄绿', en: 'Lanmu two-person three-season tent, olive' },
  quantity: 1,
  price: 599,
};
const LAMP: OrderItem = {
  sku: 'LM-LP03-OAK',
  title: { zh: '蓝木橡木床头灯', en: 'Lanmu oak bedside lamp' },
  quantity: 1,
  price: 169,
};

type Course = Omit<Order, 'id' | 'customerId' | 'items' | 'total'>;

function order(id: string, currency: Money['currency'], items: readonly OrderItem[], course: Course): Order {
  const cents = items.reduce((sum, item) => sum + Math.round(item.price * 100) * item.quantity, 0);
  return { id, customerId: DEMO_CUSTOMER, items, total: { amount: cents / 100, currency }, ...course };
}
