import { Placeholders } from './pii-placeholders.js';
import { findPii, maskPii } from './pii.js';

const found = (text: string) => findPii(text).map(({ type, value }) => `${type}:${value}`);

describe('findPii', () => {
  it.each([
    ['我的手机13800138000，请联系', 'phone:13800138000'],
    ['电话１３８００１３８０００', 'phone:13800138000'],
    ['138-0013-8000', 'phone:13800138000'],
    ['138 0013 8000谢谢', 'phone:13800138000'],
    ['+86 138 0013 8000', 'phone:+8613800138000'],
    ['（＋８６）13800138000', 'phone:+8613800138000'],
    ['86-13945048049', 'phone:8613945048049'],
    ['号码是一三八零零一三八〇〇〇', 'phone:13800138000'],
    ['统一13800138000一直打不通', 'phone:13800138000'],
    ['座机0571-53717024', 'phone:057153717024'],
    ['打01066142632', 'phone:01066142632'],
    ['call +44 20 7946 0018 now', 'phone:+442079460018'],
    ['my cell is (415) 555-0132.', 'phone:4155550132'],
    ['phone: 699 956 915', 'phone:699956915'],
    ['wx13800138000', 'phone:13800138000'],
    ['tel:1-415-555-0132', 'phone:14155550132'],
    ['写信到 Zhang.Wei+shop@Example.com.cn 谢谢', 'email:zhang.wei+shop@example.com.cn'],
    ['发到test397＠qq.com谢谢', 'email:test397@qq.com'],
    ['身份证11010519491231002X', 'id_number:11010519491231002X'],
    ['身份证 110105 19491231 002x。', 'id_number:11010519491231002X'],
    ['卡号6222 0227 5326 7584 821', 'bank_card:6222022753267584821'],
    ['card 4111-1111-1111-1111', 'bank_card:4111111111111111'],
    ['amex 378282246310005', 'bank_card:378282246310005'],
    ['卡号6222022753267584821一直用不了', 'bank_card:6222022753267584821'],
    ['card number 501864667909', 'bank_card:501864667909'],
    ['一三八 零零一三 八零零零', 'phone:13800138000'],
    ['138零零13八零零零', 'phone:13800138000'],
    ['fax 345-899-3560x4587', 'phone:3458993560'],
    ['07700 063 966 please', 'phone:07700063966'],
    ['call me on 9472 7916?', 'phone:94727916'],
    ['0044 20 7946 0018', 'phone:00442079460018'],
    ["Here's my SSN: 460-89-9847", 'ssn:460899847'],
    ['social security number is 460899847', 'ssn:460899847'],
    ['pay from GB29 NWBK 6016 1331 9268 19 today', 'iban:GB29NWBK60161331926819'],
    ['de89370400440532013000', 'iban:DE89370400440532013000'],
    ['护照号E22796807能买票吗', 'passport:E22796807'],
    ['my passport number is 533380006', 'passport:533380006'],
    ["driver's license number is 2270-66-1551", 'driver_license:2270661551'],
    ['车牌沪A·D12345被扣费', 'plate:沪AD12345'],
    ['京B8FHXP停在门口', 'plate:京B8FHXP'],
    ['登录IP是160.196.65.187', 'ip_address:160.196.65.187'],
    ['my ip is 192.168.1.20', 'ip_address:192.168.1.20'],
    ['from 2001:db8::8a2e:370:7334', 'ip_address:2001:db8::8a2e:370:7334'],
    ['加我微信wx_tom4579', 'messenger:wx_tom4579'],
    ['微信号：xiaoming', 'messenger:xiaoming'],
    ['收货人郭静', 'person:郭静'],
    ['我叫欧阳小明，想退货', 'person:欧阳小明'],
    ['户名王勇', 'person:王勇'],
    ['张伟先生不在', 'person:张伟'],
    ['my name is Fábio Barros', 'person:Fábio Barros'],
    ['Dear Mrs. Hall, thanks', 'person:Hall'],
    ['the order of Emma Watkins', 'person:Emma Watkins'],
    ['改成浙江省杭州市西湖区文三路68号12栋2单元', 'address:浙江省杭州市西湖区文三路68号12栋2单元'],
    ['寄到南山区科技园南路162号A座1801，谢谢', 'address:南山区科技园南路162号A座1801'],
    [
      'ship it to 350 Fifth Avenue, Apt 12B, New York, NY 10118 please',
      'address:350 Fifth Avenue, Apt 12B, New York, NY 10118',
    ],
    ['I live at 221B Baker Street, London NW1 6XE', 'address:221B Baker Street, London NW1 6XE'],
    ['广州市天河区体育西路103号维多利广场A塔35楼', 'address:广州市天河区体育西路103号维多利广场A塔35楼'],
    ['P.O. Box 287', 'address:P.O. Box 287'],
  ])('finds the one in %s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    '订单A1001到哪了',
    '订单号202682806883933373怎么还没发货',
    'order no. 13800138000',
    '运单SF0819297221766',
    '型号X973-7673',
    'sku LM-KB-201-13800138000',
    '付了5320.10元，要13800138000元',
    '¥13800138000',
    '2026年11月4日，2026-03-05 10:30',
    '客服电话400-626-7430',
    'hotline 1-800-555-0132',
    'please call 1-800-555-0132',
    '身份证110105194912310021',
    '身份证110105194913310020',
    '卡号6222022753267584822',
    '4111111111111112',
    '138927608件起批',
    'user@localhost and a@b',
    '一一一一个一个来',
    'id 0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a',
    '时间戳1763715000000',
    '商品ID:13694139464',
    '03.05.2026 10:30',
    'version 10.2.3.44',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'DE89370400440532013001',
    '666-12-3456, 460-00-9847',
    '新AIRPODS2到货了吗',
    'wechat payment failed, 微信支付不了',
    '我高兴，我马上付钱，谢谢小姐姐',
    '我是老客户，联系人写错了',
    'I am Still waiting. Dear Customer Support, Mark Down prices',
    '2 items on the street, 3 days on the road',
    '小区3号能送到吗，我知道5号发货，地铁2号线',
    '杭州市西湖区能送吗',
    '12:30:45',
  ])('finds nothing in %s', (text) => expect(findPii(text)).toEqual([]));

  it('gives offsets of what was written', () => {
    const text = '邮箱a.b@c.com，手机＋８６ 138 0013 8000，身份证11010519491231002x！';
    expect(findPii(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'a.b@c.com',
      '＋８６ 138 0013 8000',
      '11010519491231002x',
    ]);
  });

  it('tells neighbours apart', () => {
    expect(found('13800138000 6222022753267584821')).toEqual([
      'phone:13800138000',
      'bank_card:6222022753267584821',
    ]);
    expect(found('13800138000@qq.com')).toEqual(['email:13800138000@qq.com']);
  });

  it.each([
    ['between its digits, invisible characters', '1\u200b3\u200c8\u200d0\u20600\ufeff1\u00ad38000'],
    ['marks of direction', '\u202e138\u200f0013\u200e8000\u202c'],
    ['digits of other scripts', '١٣٨٠٠١٣٨٠٠٠'],
    ['mathematical digits', '\u{1d7cf}\u{1d7d1}\u{1d7d6}0013\u{1d7d6}00\u{1d7ce}'],
    ['circled and keycap digits', '①③⑧0013\u0038\ufe0f\u20e3000'],
    ['letters that look like digits', 'l38OO138OOO'],
    ['every digit apart', '1 3 8-0.0 1·3 8 0 0 0'],
  ])('is not misled by %s', (_, phone) => {
    const text = `\ud800手机${phone}\udc00！`;
    const [span, ...others] = findPii(text);
    expect(others).toEqual([]);
    expect(span).toMatchObject({ type: 'phone', value: '13800138000' });
    expect(`${text.slice(0, span!.start)}|${text.slice(span!.end)}`).toMatch(
      /^\ud800手机\u202e?\|\u202c?\udc00！$/,
    );
  });

  it('finds everything in a text of a million characters', () => {
    const noise = '1 '.repeat(20_000) + '@'.repeat(20_000) + 'a@'.repeat(20_000) + '一'.repeat(900_000);
    expect(found(`${noise}，手机13800138000`)).toEqual(['phone:13800138000']);
  });
});

describe('maskPii', () => {
  it('names what it took out', () => {
    expect(maskPii('我是13800138000，发到a@b.com，卡4111111111111111')).toBe(
      '我是[PHONE_1]，发到[EMAIL_1]，卡[BANK_CARD_1]',
    );
  });

  it('returns a clean text as it is, and a masked one unchanged', () => {
    expect(maskPii('订单A1001到哪了')).toBe('订单A1001到哪了');
    const masked = maskPii('call +86 13800138000');
    expect(masked).toBe('call [PHONE_1]');
    expect(maskPii(masked)).toBe(masked);
  });

  it('keeps the names of a conversation, whatever the spelling', () => {
    const table = new Placeholders();
    expect(maskPii('打１３８ 0013 8000或13900139000', table)).toBe('打[PHONE_1]或[PHONE_2]');
    const later = new Placeholders(structuredClone(table.entries()));
    expect(maskPii('13900139000不通，用+86 138-0013-8000，写信a@b.com', later)).toBe(
      '[PHONE_2]不通，用[PHONE_1]，写信[EMAIL_1]',
    );
  });

  it('is undone by the table, and by nothing else', () => {
    const table = new Placeholders();
    const text = '我叫王小明，电话138 0013 8000，寄到南山区科技园南路162号';
    const masked = maskPii(text, table);
    expect(masked).toBe('我叫[PERSON_1]，电话[PHONE_1]，寄到[ADDRESS_1]');
    expect(table.restore(masked)).toBe(text);
    expect(table.restore('[PHONE_2] [NOBODY_1]')).toBe('[PHONE_2] [NOBODY_1]');
    expect(new Placeholders().restore(masked)).toBe(masked);
  });

  it.each([
    'do you ship to Hong Kong or New Zealand?',
    '',
    '  \n',
    '👍🏽',
    '\u200b\u200f',
    '\ud83d',
    '\udc00\ud800@\ud800',
    '[PHONE_1]',
  ])('leaves %j', (text) => expect(maskPii(text)).toBe(text));
});
