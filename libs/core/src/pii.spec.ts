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
    '登录IP是160.196.65.187',
    '身份证110105194912310021',
    '身份证110105194913310020',
    '卡号6222022753267584822',
    '4111111111111112',
    '138927608件起批',
    'user@localhost and a@b',
    '一一一一个一个来',
    'id 0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a',
    '时间戳1763715000000',
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

  it('finds everything in a text of a million characters', () => {
    const noise = '1 '.repeat(20_000) + '@'.repeat(20_000) + 'a@'.repeat(20_000) + '一'.repeat(900_000);
    expect(found(`${noise}，手机13800138000`)).toEqual(['phone:13800138000']);
  });
});

describe('maskPii', () => {
  it('names what it took out', () => {
    expect(maskPii('我是13800138000，发到a@b.com，卡4111111111111111')).toBe(
      '我是[phone]，发到[email]，卡[bank_card]',
    );
  });

  it('returns a clean text as it is, and a masked one unchanged', () => {
    expect(maskPii('订单A1001到哪了')).toBe('订单A1001到哪了');
    const masked = maskPii('call +86 13800138000');
    expect(masked).toBe('call [phone]');
    expect(maskPii(masked)).toBe(masked);
  });
});
