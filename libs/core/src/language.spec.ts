import { detectLanguage } from './language.js';

const languageOf = (text: string) => detectLanguage(text).language;

describe('detectLanguage', () => {
  it.each([
    ['好', 'zh'],
    ['A1001到哪了', 'zh'],
    ['我的iPhone 15 Pro什么时候发货', 'zh'],
    ['Apple Watch case 有吗', 'zh'],
    ['please 发货', 'zh'],
    ['請問可以退貨嗎', 'zh'],
    ['优の品旗舰店发货了吗', 'zh'],
    ['我的邮箱是 jane.smith@example.com', 'zh'],
  ])('reads %s as Chinese', (text, language) => expect(languageOf(text)).toBe(language));

  it.each([
    ['ok', 'en'],
    ['ＯＫ ｔｈａｎｋｓ', 'en'],
    ['where is my order?', 'en'],
    ["it's broken, I don't want it", 'en'],
    ['what does 退款 mean', 'en'],
    ['Refund', 'en'],
    ['status of A1001 pls', 'en'],
    ['I ordered a Café crème set in a size M', 'en'],
  ])('reads %s as English', (text, language) => expect(languageOf(text)).toBe(language));

  it.each([
    ['注文はいつ届きますか', 'ja'],
    ['返品したい', 'ja'],
    ['주문한 상품은 언제 오나요', 'ko'],
    ['Где мой заказ?', 'ru'],
    ['Де моє замовлення, і коли його привезуть?', 'uk'],
    ['أين طلبي', 'ar'],
    ['สินค้าของฉันอยู่ที่ไหน', 'th'],
    ['मेरा ऑर्डर कहाँ है', 'hi'],
    ['¿Dónde está mi pedido?', 'es'],
    ['Où est ma commande ?', 'fr'],
    ['Wo ist meine Bestellung?', 'de'],
    ['Onde está o meu pedido? Ainda não chegou', 'pt'],
    ['Dov’è il mio ordine? Non è ancora arrivato', 'it'],
    ['Đơn hàng của tôi đâu rồi', 'vi'],
  ])('tells %s by script or function words', (text, language) => expect(languageOf(text)).toBe(language));

  it.each(['', '   ', '12345', '👍👍', 'A1001', '13800138000', 'LM-KB-201', '?!'])(
    'has no language for %j, which holds no words',
    (text) => expect(detectLanguage(text)).toEqual({ language: 'und', confidence: 0, mixed: false }),
  );

  it('says when two scripts share the meaning', () => {
    expect(detectLanguage('help me 退款 please').mixed).toBe(true);
    expect(detectLanguage('thanks 好的').mixed).toBe(true);
    expect(detectLanguage('我的iPhone 15什么时候发货呀').mixed).toBe(false);
    expect(detectLanguage('where is my order').mixed).toBe(false);
  });

  it('is surer of a sentence than of a loan word', () => {
    expect(detectLanguage('ok').confidence).toBeLessThanOrEqual(0.6);
    expect(detectLanguage('when will you send my parcel').confidence).toBeGreaterThan(0.9);
    expect(detectLanguage('好').confidence).toBe(1);
  });
});
