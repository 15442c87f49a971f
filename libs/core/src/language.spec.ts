import { detectLanguage } from './language.js';

const languageOf = (text: string) => detectLanguage(text).language;

/** Written after the word lists were; a word of these goes into no list, or the measure is worth nothing. */
const UNSEEN_MESSAGES = {
  en: 'zip is stuck|wrong charger in the box|swap for another model|pick it up in store|receipt please|my points vanished|driver was rude|extend the warranty|app keeps crashing|which one is lighter|lamp flickers|see you later',
  es: 'la cremallera se atasca|cargador equivocado|otro modelo por favor|recoger en tienda|mándame el recibo|perdí mis puntos|el repartidor fue grosero|ampliar la garantía|la aplicación se cierra sola|cuál pesa menos|la lámpara parpadea|hasta luego',
  fr: "la fermeture coince|mauvais chargeur|un autre modèle svp|retrait en boutique|envoyez le reçu|mes points ont disparu|chauffeur impoli|prolonger la garantie|l'appli plante|lequel est plus léger|la lampe clignote|à bientôt",
  de: 'Reißverschluss klemmt|falsches Ladegerät|anderes Modell bitte|Abholung im Geschäft|Beleg schicken|meine Punkte sind weg|Fahrer war unhöflich|Garantie verlängern|App stürzt ab|welches ist leichter|Lampe flackert|bis bald',
  pt: 'o zíper emperrou|carregador errado|outro modelo por favor|retirar na loja|mande o recibo|meus pontos sumiram|o motorista foi grosseiro|estender a garantia|o aplicativo fecha sozinho|qual pesa menos|a lâmpada pisca|até logo',
  it: "la cerniera si blocca|caricatore sbagliato|un altro modello|ritiro in negozio|mandami la ricevuta|i miei punti sono spariti|autista maleducato|estendere la garanzia|l'app si chiude da sola|quale pesa meno|la lampada sfarfalla|a presto",
  vi: 'khóa kéo bị kẹt|sai bộ sạc|mẫu khác|lấy tại cửa hàng|gửi biên lai|mất điểm thưởng|tài xế thô lỗ|gia hạn bảo hành|ứng dụng bị thoát|cái nào nhẹ hơn|đèn nhấp nháy|hẹn gặp lại',
};

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

  it.each([
    ['我想听 the Music of Ghost in the Shell', 'zh'],
    ['找到Adventure Time: The Secret of the Kingdom 的照片', 'zh'],
    ['帮我查一下 my order please', 'zh'],
    ['I want to know what 七天无理由 means', 'en'],
    ['the 快递 is late again and nobody answers', 'en'],
  ])('tells in %s who frames whom', (text, language) => expect(languageOf(text)).toBe(language));

  it.each([
    '\ud800',
    '\udc00ok\ud800',
    '\u200b\u200f',
    '٣٤٥',
    'a'.repeat(100_000),
    '好'.repeat(100_000),
    "'’'’",
  ])('has an answer for %#, whatever it is', (text) =>
    expect(languageOf(text)).toMatch(/^(?:und|en|zh|vi|it|fr|de|es|pt)$/),
  );

  it('tells four in five of short messages which it was not made for', () => {
    const messages = Object.entries(UNSEEN_MESSAGES).flatMap(([language, texts]) =>
      texts.split('|').map((text) => ({ language, text })),
    );
    const right = messages.filter(({ language, text }) => languageOf(text) === language);
    expect(right.length / messages.length).toBeGreaterThan(0.8);
  });

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
