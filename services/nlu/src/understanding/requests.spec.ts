import { clausesOf, requestsOf } from './requests.js';

const texts = (message: string) => clausesOf(message).map(({ text }) => text);
const named = (name: string, confidence = 0.9) => ({ name, confidence });

describe('clausesOf', () => {
  it.each([
    ['cancel my order and send the invoice', ['cancel my order', 'send the invoice']],
    ['取消我的订单，另外帮我开发票', ['取消我的订单', '帮我开发票']],
    ['我要退款。还有什么时候发货', ['我要退款', '什么时候发货']],
  ])('cuts %s', (message, parts) => expect(texts(message)).toEqual(parts));

  it('leaves alone what asks for one thing', () => {
    expect(texts('I want to cancel my order')).toEqual([]);
    expect(texts('hello, cancel my order')).toEqual([]);
    expect(texts('你好，我要退款')).toEqual([]);
  });

  it('knows where each part stands in the message', () => {
    const message = '  cancel it now;  then send the invoice ';
    for (const { text, start, end } of clausesOf(message)) expect(message.slice(start, end)).toBe(text);
  });
});

describe('requestsOf', () => {
  const clauses = clausesOf('cancel my order, it is late, send the invoice');

  it('joins clauses of one request, and keeps different ones apart', () => {
    const requests = requestsOf(clauses, [named('cancel'), named('cancel'), named('invoice')]);
    expect(requests.map(({ intent }) => intent.name)).toEqual(['cancel', 'invoice']);
    expect(requests[0]).toMatchObject({ start: clauses[0]!.start, end: clauses[1]!.end });
  });

  it('are none where only one is clear', () => {
    expect(requestsOf(clauses, [named('cancel'), named('invoice', 0.4), named('out_of_scope')])).toEqual([]);
    expect(requestsOf(clauses, [named('cancel'), named('cancel'), named('cancel')])).toEqual([]);
  });
});
