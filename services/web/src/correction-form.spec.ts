import { intentName } from './correction-form.js';

describe('intentName', () => {
  it.each([
    ['  Gift  card ', 'gift_card'],
    ['order_status', 'order_status'],
    ['会员 积分', '会员_积分'],
    ['   ', ''],
    [' Card arrival ', 'Card arrival'],
    ['card Arrival', 'card_arrival'],
  ])('%j is %j', (typed, name) => expect(intentName(typed, ['order_status', 'Card arrival'])).toBe(name));
});
