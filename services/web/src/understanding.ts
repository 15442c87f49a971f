/** What the desk understood of a customer's message, as the page shows it to whoever runs a demo. Pure. */
import type { Emotion, Language } from './texts.js';

export interface Label {
  readonly name: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** How the customer has felt over the last messages. */
export interface Mood {
  /** −1 (bad) to 1 (good). */
  readonly level: number;
  /** Change per message; negative: it gets worse. */
  readonly slope: number;
}

/** As the gateway sends it; only the fields read here. */
export interface Understanding {
  readonly language: string;
  readonly intent: Label;
  readonly emotion: Label & { readonly name: Emotion };
  /** What each clause asks for, where a message asks for several things. */
  readonly requests: readonly { readonly intent: Label }[];
  /** `neural` or `lexical`. */
  readonly tier?: string;
  readonly mood?: Mood;
}

export type Level = 'displeased' | 'uneasy' | 'calm' | 'pleased';
export type Trend = 'worse' | 'steady' | 'better';

/** What the message asks for, each intent once. */
export function intentsOf({ intent, requests }: Understanding): readonly Label[] {
  const asked = requests.length > 1 ? requests.map((request) => request.intent) : [intent];
  return asked.filter(({ name }, at) => asked.findIndex((other) => other.name === name) === at);
}

/** A mood in two words; where one ends and the next begins follows dialogue's care for a customer. */
export function inWords({ level, slope }: Mood): { level: Level; trend: Trend } {
  const felt = level <= -0.35 ? 'displeased' : level < -0.1 ? 'uneasy' : level < 0.25 ? 'calm' : 'pleased';
  return { level: felt, trend: slope <= -0.12 ? 'worse' : slope >= 0.12 ? 'better' : 'steady' };
}

/** An intent's name in words. The bot's own intents have none in Chinese, so they are shown as they are written. */
export function intentInWords(name: string, language: Language): string {
  const known = language === 'zh' ? chinese[name] : english[name];
  const words = name.replaceAll('_', ' ');
  return known ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const english: Readonly<Record<string, string>> = { out_of_scope: 'Something else' };

const chinese: Readonly<Record<string, string>> = {
  out_of_scope: '其他',
  account_delete: '注销账号',
  account_update: '修改账号资料',
  address_change: '修改地址',
  affirm: '肯定',
  bot_identity: '询问身份',
  callback_request: '要求回电',
  complaint: '投诉',
  complaint_delivery: '投诉配送',
  complaint_misleading: '投诉虚假宣传',
  complaint_service: '投诉服务',
  coupon_use: '使用优惠券',
  damaged_item: '商品破损',
  deny: '否定',
  exchange_request: '申请换货',
  goodbye: '告别',
  greeting: '问候',
  human_agent: '转人工',
  invoice_correction: '更正发票',
  invoice_request: '开具发票',
  logistics_cross_border: '跨境物流',
  logistics_domestic: '国内物流',
  membership_points: '会员积分',
  order_cancel: '取消订单',
  order_modify: '修改订单',
  order_place: '下单',
  order_status: '查询订单',
  parcel_missing: '包裹丢失',
  password_reset: '重置密码',
  payment_failed: '支付失败',
  payment_methods: '支付方式',
  payment_wrong_charge: '扣款有误',
  price_protection: '价格保护',
  product_question: '商品咨询',
  product_recommendation: '商品推荐',
  product_stock: '库存查询',
  promotion_inquiry: '优惠活动',
  refund_progress: '退款进度',
  refund_request: '申请退款',
  return_policy: '退货政策',
  return_request: '申请退货',
  service_hours: '服务时间',
  thanks: '感谢',
  warranty: '保修',
  wrong_item: '发错商品',
};
