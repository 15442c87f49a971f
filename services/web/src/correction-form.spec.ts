import { intentName } from './correction-form.js';

describe('intentName', () => {
  it.each([
    ['  Gift  card ', 'gift_card'],
    ['order_status', 'order_status'],
    ['会员 积分', '会员_积分'],
    ['   ', ''],
  ])('%j is %j', (typed, name) => expect(intentName(typed)).toBe(name));
});
