import type { CalendarDay } from './entity.js';
import { extractEntities } from './extract-entities.js';

/** A Saturday, half past two in the afternoon. */
const today = { year: 2026, month: 11, day: 21, minute: 870 };

const found = (text: string) =>
  extractEntities(text, { today }).map(
    ({ type, value, start, end }) => `${type} ${value} "${text.slice(start, end)}"`,
  );

describe('extractEntities', () => {
  it.each([
    ['A1001到哪了', 'order_number A1001 "A1001"'],
    ['Ａ１００２也没到', 'order_number A1002 "Ａ１００２"'],
    ['where is d-55021?', 'order_number D55021 "d-55021"'],
    ['订单号202682806883933373还没发', 'order_number 202682806883933373 "202682806883933373"'],
    ['my order number is 20268123456', 'order_number 20268123456 "20268123456"'],
    ['lm-kb-201有货吗', 'sku LM-KB-201 "lm-kb-201"'],
    ['is LM-KB-201-BK in stock', 'sku LM-KB-201-BK "LM-KB-201-BK"'],
    ['运单SF0819297221766', 'tracking_number SF0819297221766 "SF0819297221766"'],
    ['parcel RR123456789CN', 'tracking_number RR123456789CN "RR123456789CN"'],
    ['tracking number: 773012345678', 'tracking_number 773012345678 "773012345678"'],
    ['打１３８ 0013 8000', 'phone 13800138000 "１３８ 0013 8000"'],
    ['mail Me@Shop.example.com', 'email me@shop.example.com "Me@Shop.example.com"'],
  ])('%s: %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    ['¥1,299.00太贵', 'amount 1299 CNY "¥1,299.00"'],
    ['付了5320.10元', 'amount 5320.1 CNY "5320.10元"'],
    ['三百块能退吗', 'amount 300 CNY "三百块"'],
    ['一共两千五块钱', 'amount 2500 CNY "两千五块钱"'],
    ['花了三十五块六', 'amount 35.6 CNY "三十五块六"'],
    ['满1.5万元', 'amount 15000 CNY "1.5万元"'],
    ['5块包邮', 'amount 5 CNY "5块"'],
    ['refund $20.50 please', 'amount 20.5 USD "$20.50"'],
    ['it cost 20 dollars', 'amount 20 USD "20 dollars"'],
    ['USD 1,200 was charged', 'amount 1200 USD "USD 1,200"'],
    ['四十欧元', 'amount 40 EUR "四十欧元"'],
  ])('amount in %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    ['昨天下的单', 'date 2026-11-20 "昨天"'],
    ['大前天买的', 'date 2026-11-18 "大前天"'],
    ['后天能到吗', 'date 2026-11-23 "后天"'],
    ['三天前', 'date 2026-11-18 "三天前"'],
    ['两周后再发', 'date 2026-12-05 "两周后"'],
    ['下周一', 'date 2026-11-23 "下周一"'],
    ['上个星期三', 'date 2026-11-11 "上个星期三"'],
    ['周五能到吗', 'date 2026-11-27 "周五"'],
    ['3月5日', 'date 2027-03-05 "3月5日"'],
    ['十月二十五号买的', 'date 2026-10-25 "十月二十五号"'],
    ['2026年3月5日', 'date 2026-03-05 "2026年3月5日"'],
    ['since 2026-03-05', 'date 2026-03-05 "2026-03-05"'],
    ['the day before yesterday', 'date 2026-11-19 "day before yesterday"'],
    ['Next Monday please', 'date 2026-11-23 "Next Monday"'],
    ['this wednesday', 'date 2026-11-18 "this wednesday"'],
    ['in 3 days', 'date 2026-11-24 "in 3 days"'],
    ['two weeks ago', 'date 2026-11-07 "two weeks ago"'],
    ['on March 5th, 2026', 'date 2026-03-05 "March 5th, 2026"'],
    ['arrived 5 Oct', 'date 2026-10-05 "5 Oct"'],
    ['on 11/25/2026', 'date 2026-11-25 "11/25/2026"'],
    ['on 25/11/2026', 'date 2026-11-25 "25/11/2026"'],
    ['25号发货吗', 'date 2026-11-25 "25号"'],
    ['下个月3号能到', 'date 2026-12-03 "下个月3号"'],
  ])('date in %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    ['今天下午三点来取', 'datetime 2026-11-21T15:00 "今天下午三点"'],
    ['明天上午10点半', 'datetime 2026-11-22T10:30 "明天上午10点半"'],
    ['今晚八点能到吗', 'datetime 2026-11-21T20:00 "今晚八点"'],
    ['明早9点送', 'datetime 2026-11-22T09:00 "明早9点"'],
    ['周五晚上七点四十五分', 'datetime 2026-11-27T19:45 "周五晚上七点四十五分"'],
    ['昨天晚上12点下的单', 'datetime 2026-11-21T00:00 "昨天晚上12点"'],
    ['明天凌晨2点', 'datetime 2026-11-22T02:00 "明天凌晨2点"'],
    ['12月1日中午12点', 'datetime 2026-12-01T12:00 "12月1日中午12点"'],
    ['后天三点一刻', 'datetime 2026-11-23T15:15 "后天三点一刻"'],
    ['２０２６－１１－２５　１４：３０', 'datetime 2026-11-25T14:30 "２０２６－１１－２５　１４：３０"'],
    ['at 2026-11-25T14:30:00', 'datetime 2026-11-25T14:30 "2026-11-25T14:30:00"'],
    ['tomorrow at 5pm', 'datetime 2026-11-22T17:00 "tomorrow at 5pm"'],
    ['at 10:30 a.m. on March 5', 'datetime 2027-03-05T10:30 "10:30 a.m. on March 5"'],
    ['come tonight at 8', 'datetime 2026-11-21T20:00 "tonight at 8"'],
    ['next Monday, half past two', 'datetime 2026-11-23T14:30 "next Monday, half past two"'],
    ['tomorrow at noon', 'datetime 2026-11-22T12:00 "tomorrow at noon"'],
    ['下午三点以后', 'time 15:00 "下午三点"'],
    ['15:45可以吗', 'time 15:45 "15:45"'],
    ["after six o'clock in the evening", `time 18:00 "six o'clock in the evening"`],
    ['半小时后打给我', 'datetime 2026-11-21T15:00 "半小时后"'],
    ['一个半小时前', 'datetime 2026-11-21T13:00 "一个半小时前"'],
    ['十个小时后', 'datetime 2026-11-22T00:30 "十个小时后"'],
    ['in 2 hours', 'datetime 2026-11-21T16:30 "in 2 hours"'],
    ['half an hour ago', 'datetime 2026-11-21T14:00 "half an hour ago"'],
  ])('time in %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    ['身份证11010519491231002X', 'id_number 11010519491231002X "11010519491231002X"'],
    ['卡号6222 0227 5326 7584 821', 'bank_card 6222022753267584821 "6222 0227 5326 7584 821"'],
    ['电话一三八零零一三八零零零', 'phone 13800138000 "一三八零零一三八零零零"'],
    ['我叫王小明', 'person 王小明 "王小明"'],
    ['寄到杭州市西湖区文三路68号', 'address 杭州市西湖区文三路68号 "杭州市西湖区文三路68号"'],
    ['订单号2026 8280 6883', 'order_number 202682806883 "2026 8280 6883"'],
    ['订单号二〇二六八二八〇六', 'order_number 202682806 "二〇二六八二八〇六"'],
    ['订单A1\u200b00\u200b1', 'order_number A1001 "A1\u200b00\u200b1"'],
  ])('%s: %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it('tells no time that is hours away where the hour is not known', () => {
    const day = { year: 2026, month: 11, day: 21 };
    expect(extractEntities('in 2 hours, 半小时后', { today: day })).toEqual([]);
  });

  it.each([
    '便宜一点，快点，有三点建议',
    'I am at 5 stars, room at 12',
    '5号电池，3号楼，第2号',
    'it takes 2 hours, 等了两个小时',
    '25:61',
    '\ud800\udfff\ud800',
    '\u200b\u200f \n',
    '👍🏽',
    '',
    '你好',
    '我要三块蛋糕，一块去吧',
    'I waited 3 days for 2 items',
    '二月三十日',
    'room 1001, model XA1001B, v1.2.3',
    'aLM-KB-201x',
    '一直没有人理我',
  ])('nothing in %s', (text) => expect(found(text)).toEqual([]));

  it('gives several in order, each once', () => {
    expect(found('A1001昨天付了300元，还没到，电话13800138000')).toEqual([
      'order_number A1001 "A1001"',
      'date 2026-11-20 "昨天"',
      'amount 300 CNY "300元"',
      'phone 13800138000 "13800138000"',
    ]);
  });

  it('counts from the given day, over the ends of months and years', () => {
    const values = (text: string, day: CalendarDay) =>
      extractEntities(text, { today: day }).map((e) => e.value);
    expect(values('明天', { year: 2026, month: 12, day: 31 })).toEqual(['2027-01-01']);
    expect(values('昨天', { year: 2028, month: 3, day: 1 })).toEqual(['2028-02-29']);
    expect(values('12月30日', { year: 2027, month: 1, day: 2 })).toEqual(['2026-12-30']);
  });

  it('finds the first hundred of a message that is nothing but dates', () => {
    expect(extractEntities('明天 '.repeat(2_000), { today })).toHaveLength(100);
  });
});
