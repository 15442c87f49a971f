/** What a customer is answered: every kind of step, over several turns, and when something is down or slow. */
import { ConversationStatus, ReplyKind } from '@frontdesk/contracts/common/v1/conversation';
import { AppError } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import { startShop, type RunningShop } from '../../../infra/local/shop/server.ts';
import { hang, onEachDatabase, type Stage, type Told } from './stage.js';

let shop: RunningShop;
beforeAll(async () => {
  shop = await startShop({ port: 0 });
});
afterAll(() => shop.close());

onEachDatabase('a turn', answers, () => ({ ORDERS_URL: shop.url }));

function answers(stage: Stage): void {
  const kindOf = ({ reply }: Told): string => ReplyKind[reply?.message?.kind ?? 0]!;
  const say = async (text: string): Promise<Told> => (await stage.open()).say(text);

  describe('by kind of step', () => {
    it('says a standard reply in the language of the customer', async () => {
      const chat = await stage.open();
      expect(await chat.say('hello')).toMatchObject({
        cases: 'accepted understood replied',
        text: 'Hello! What can I do for you?',
      });
      expect((await chat.say('你好')).text).toBe('您好，有什么可以帮您？');
      expect(kindOf(await chat.say('hello'))).toBe('FLOW');
    });

    it('answers verbatim from an article that fits, and names it', async () => {
      const told = await say('how long is delivery');
      expect(told).toMatchObject({ cases: 'accepted understood replied', text: 'Two days.' });
      expect(kindOf(told)).toBe('FAQ');
      expect(told.reply!.message!.sources).toMatchObject([{ id: 'a1', title: 'Delivery', score: 0.9 }]);
      expect(told.reply!.degraded).toBe(false);
    });

    it('has a model write from the passages that may answer', async () => {
      stage.leaves.model = async function* () {
        yield 'Yes, ';
        yield 'we wrap it. ';
      };
      const chat = await stage.open();
      await chat.say('hello');
      const told = await chat.say('can it be a gift');
      expect(told).toMatchObject({
        cases: 'accepted understood token token replied',
        tokens: 'Yes, we wrap it. ',
        text: 'Yes, we wrap it.',
      });
      expect(kindOf(told)).toBe('GENERATED');
      expect(told.reply!.message!.sources.map(({ id }) => id)).toEqual(['a2', 'a3']);

      const [prompt] = stage.leaves.prompts;
      const texts = prompt!.messages.map(({ text }) => text);
      expect(texts).toHaveLength(4);
      expect(texts.slice(1, 3)).toEqual(['hello', 'Hello! What can I do for you?']);
      expect(texts[3]).toContain('We wrap gifts for free.');
      expect(texts[3]).not.toContain('Shoes');
      expect(texts[3]!.endsWith('can it be a gift')).toBe(true);
    });

    it('asks which of two likely intents was meant', async () => {
      const told = await say('card or cash');
      expect(told.text).toBe('Do you mean pay card, pay cash?');
      expect(kindOf(told)).toBe('CLARIFY');
    });

    it('says so when it knows nothing, and offers a person', async () => {
      const told = await say('what is the meaning of life');
      expect(told.text).toMatch(/Shall I connect you with a person/);
      expect(kindOf(told)).toBe('FALLBACK');
      expect(told.reply!.degraded).toBe(false);
    });

    it('hands over to a person who is asked for, with the talk so far', async () => {
      stage.leaves.queuePosition = () => 3;
      const chat = await stage.open();
      await chat.say('hello');
      const told = await chat.say('I want a person');
      expect(told.text).toMatch(/number 3 in the queue/);
      expect(kindOf(told)).toBe('HANDOFF');
      expect(told.reply!.handoff).toMatchObject({ position: 3, reason: 'customer_request' });
      expect((await chat.head()).status).toBe(ConversationStatus.WAITING);

      await chat.eventuallyFacts(
        ...['opened', 'customerMessagePosted', 'turnCompleted'],
        ...['customerMessagePosted', 'turnCompleted', 'handoffRequested'],
      );
      const request = chat.facts().at(-1)!;
      expect(request.value).toMatchObject({
        handoffId: told.reply!.handoff!.id,
        reason: 'customer_request',
        language: 'en',
        priority: 0,
        customer: { id: 'c1', name: 'Li' },
        summary: 'customer: hello\nbot: Hello! What can I do for you?\ncustomer: I want a person',
      });
    });

    it('tells who waits already so again, and queues nobody twice', async () => {
      const chat = await stage.open();
      const { reply } = await chat.say('I want a person');
      const again = await chat.say('I want a person');
      expect(again.text).toMatch(/in the queue already/);
      expect(again.reply!.handoff!.id).toBe(reply!.handoff!.id);
      expect((await chat.say('how long is delivery')).text).toBe('Two days.');
    });

    it('answers alike whom no progress is shown', async () => {
      const chat = await stage.open();
      const ask = () =>
        chat.as((client) => client.ask({ conversationId: chat.id, text: 'hello', clientMessageId: 'm1' }));
      const { outcome } = await ask();
      expect(outcome).toMatchObject({ case: 'replied', value: { message: { seq: 2n } } });
      expect((await ask()).outcome).toEqual(outcome);
      expect((await chat.say('hello', 'm1')).reply).toEqual(outcome.value);
    });

    it('tells what it took, step by step', async () => {
      const { reply } = await say('how long is delivery');
      expect(Object.keys(reply!.timings).toSorted()).toEqual([
        'recallMs',
        'speakMs',
        'totalMs',
        'understandMs',
      ]);
      expect(reply!.timings['totalMs']).toBeGreaterThanOrEqual(reply!.timings['understandMs']!);
    });
  });

  describe('over several turns', () => {
    it.each([
      ['where is my order', 'A1001', /A1001 left on .* It should arrive by/],
      ['where is my order', 'A1002', /A1002 is paid/],
      ['where is my order', 'a1003', /A1003 was delivered/],
      ['where is my order', 'A1004', /A1004 was promised by .* and is late/],
      ['where is my order', 'A1005', /A1005 was cancelled/],
      ['where is my order', 'A9999', /cannot find order A9999/],
      ['我的订单到哪了', 'A1001', /A1001 已于 .*发出/],
      ['我的订单到哪了', 'A9999', /没有查到订单 A9999/],
    ])('asks for the order number on "%s" and looks %s up', async (question, number, expected) => {
      const chat = await stage.open();
      expect((await chat.say(question)).text).toMatch(/What is the order number|请告诉我订单号/);
      expect((await chat.say(number)).text).toMatch(expected);
    });

    it('takes another number when there is no such order', async () => {
      const chat = await stage.open();
      await chat.say('where is my order');
      await chat.say('A9999');
      expect((await chat.say('oh sorry, I had meant to type A1003 of course')).text).toMatch(
        /A1003 was delivered/,
      );
    });

    it('offers a person for an overdue order, and calls one on a yes', async () => {
      const chat = await stage.open();
      expect((await chat.say('A1004')).text).toMatch(/A1004 was promised by .* and is late/);
      const told = await chat.say('yes');
      expect(kindOf(told)).toBe('HANDOFF');
      expect(told.reply!.handoff!.reason).toBe('customer_request');
    });

    it('calls nobody on a no, nor on a yes to no question', async () => {
      const chat = await stage.open();
      await chat.say('A1004');
      expect((await chat.say('no')).text).toMatch(/All right/);
      expect((await chat.say('yes')).text).toMatch(/All right/);
      expect((await chat.head()).status).toBe(ConversationStatus.OPEN);
    });

    it('calls a person after two turns without an answer, and counts anew after an answer', async () => {
      const chat = await stage.open();
      expect(kindOf(await chat.say('blah'))).toBe('FALLBACK');
      await chat.say('how long is delivery');
      expect(kindOf(await chat.say('blah'))).toBe('FALLBACK');
      const told = await chat.say('blah blah');
      expect(kindOf(told)).toBe('HANDOFF');
      expect(told.reply!.handoff!.reason).toBe('no_answer');
    });

    it('counts a question back as a turn without an answer', async () => {
      const chat = await stage.open();
      expect(kindOf(await chat.say('card or cash'))).toBe('CLARIFY');
      expect(kindOf(await chat.say('card or cash'))).toBe('HANDOFF');
    });

    it('keeps to the language of the talk where a message has none', async () => {
      const chat = await stage.open();
      await chat.say('你好');
      expect((await chat.say('A1003')).text).toMatch(/A1003 已于 .* 送达/);
    });
  });

  describe('to somebody angry', () => {
    it('soothes first, and answers all the same', async () => {
      stage.leaves.hear = () => ({ angry: true });
      const told = await say('how long is delivery');
      expect(told.text).toBe("I'm sorry for the trouble.\n\nTwo days.");
      expect(kindOf(told)).toBe('FAQ');
      expect(told.reply!.message!.sources).toHaveLength(1);
    });

    it('calls a person at once, before the others, when nothing answers', async () => {
      stage.leaves.hear = () => ({ angry: true });
      const told = await say('this is outrageous');
      expect(told.text).toMatch(/^I'm sorry for the trouble\.\n\n.*number 1 in the queue/);
      expect(told.reply!.handoff!.reason).toBe('angry');
      expect(stage.leaves.previews).toEqual([{ skill: '', priority: 10 }]);
    });

    it('marks a question back as soothing', async () => {
      const { hear } = stage.leaves;
      stage.leaves.hear = async (text) => ({ ...(await hear(text)), angry: true });
      expect(kindOf(await say('card or cash'))).toBe('SOOTHING');
    });
  });

  describe('to somebody whose patience wears out', () => {
    const wearing: Record<string, number> = {
      'how long is delivery': 0.1,
      'still nothing here': -0.3,
      'I asked two days ago': -0.45,
      'nobody answers me': -0.6,
    };

    it('soothes before there is anger, once, and calls a person before others when nothing answers', async () => {
      stage.leaves.hear = (text) => ({ sentiment: wearing[text] ?? 0 });
      stage.leaves.find = () => [{ articleId: 'a1', title: 'Delivery', text: 'Two days.', score: 0.9 }];
      const chat = await stage.open();
      const texts: string[] = [];
      for (const text of Object.keys(wearing)) texts.push((await chat.say(text)).text);
      expect(texts.map((text) => text.startsWith("I'm sorry"))).toEqual([false, false, true, false]);

      stage.leaves.find = () => [];
      const told = await chat.say('so what now');
      expect(told.reply!.handoff!.reason).toBe('angry');
      const { level, slope, turns } = told.reply!.understanding!.mood!;
      expect([level, slope, turns]).toEqual([expect.closeTo(-0.4, 1), expect.closeTo(-0.23, 1), 5]);
      const { priority } = stage.leaves.previews[0]!;
      expect(priority).toBeGreaterThan(4);
      expect(priority).toBeLessThan(10);
      const requested = () => chat.facts().find((fact) => fact.case === 'handoffRequested');
      await eventually('the handoff is asked for', () => requested() !== undefined);
      expect(requested()!.value).toMatchObject({
        priority,
        emotion: 'neutral',
        mood: { level, slope, turns },
        summary: expect.stringMatching(/^mood: low and falling \(level -0\.\d\d, slope -0\.\d\d\)\nbot: /),
      });
    });

    it('starts afresh where the head was written before moods were kept', async () => {
      const chat = await stage.open();
      await stage.mesh.as({ tenantId: chat.tenantId }, () =>
        stage
          .get(Database)
          .transaction((tx) =>
            tx.query(
              `UPDATE conversations SET memory = memory - 'feelings' - 'turnsSinceSoothed' WHERE id = $1`,
              [chat.id],
            ),
          ),
      );
      stage.leaves.hear = () => ({ sentiment: -0.6 });
      const { reply } = await chat.say('how long is delivery');
      expect(reply!.understanding!.mood).toMatchObject({ level: -0.6, slope: 0, turns: 1 });
    });

    it('knows it too when the customer presses the button', async () => {
      stage.leaves.hear = () => ({ angry: true });
      const chat = await stage.open();
      await chat.say('how long is delivery');
      await chat.say('how long is delivery');
      await chat.handedOff();
      expect(stage.leaves.previews.map(({ priority }) => priority)).toEqual([9]);
    });
  });

  describe('when something is down or slow', () => {
    const gift = { text: 'We wrap gifts for free.' };
    /** Generous: the machine may be busy. What matters is that nobody waits for what never comes. */
    const patienceMs = 3_000;

    async function inTime(text: string): Promise<Told> {
      const startedAt = Date.now();
      const told = await say(text);
      expect(Date.now() - startedAt).toBeLessThan(patienceMs);
      return told;
    }

    const fails = (code: 'unavailable' | 'resource_exhausted' | 'internal') =>
      async function* (): AsyncGenerator<string> {
        throw new AppError(code, 'Not now.');
      };

    it.each([
      ['refuses', fails('resource_exhausted')],
      ['is away', fails('unavailable')],
      ['breaks', fails('internal')],
      [
        'hangs before its first word',
        async function* (): AsyncGenerator<string> {
          yield await hang();
        },
      ],
      [
        'stalls in the middle',
        async function* (): AsyncGenerator<string> {
          yield 'Well, ';
          await hang();
        },
      ],
      [
        'breaks in the middle',
        async function* (): AsyncGenerator<string> {
          yield 'Well, ';
          throw new AppError('unavailable', 'Gone.');
        },
      ],
      ['says nothing', async function* (): AsyncGenerator<string> {}],
      [
        'says nothing but blanks and control characters',
        async function* (): AsyncGenerator<string> {
          yield ' \u0000\n';
        },
      ],
      [
        'never ends',
        async function* (): AsyncGenerator<string> {
          for (;;) yield 'la '.repeat(1_000);
        },
      ],
    ])('answers from the article when the model %s', async (_, model) => {
      stage.leaves.model = model;
      const told = await inTime('can it be a gift');
      expect(told).toMatchObject(gift);
      expect(kindOf(told)).toBe('FAQ');
      expect(told.reply!.degraded).toBe(true);
      expect(told.reply!.message!.degraded).toBe(true);
    });

    it('gives no answer that was cut off for the whole one', async () => {
      stage.leaves.model = async function* () {
        yield 'Yes, we wrap it, but only on';
      };
      stage.leaves.finish = 'length';
      const told = await inTime('can it be a gift');
      expect(told).toMatchObject({ ...gift, tokens: 'Yes, we wrap it, but only on' });
      expect(told.reply!.degraded).toBe(true);
    });

    it('is not degraded for want of a model that nobody installed', async () => {
      const told = await inTime('can it be a gift');
      expect(told).toMatchObject(gift);
      expect(told.reply!.degraded).toBe(false);
    });

    it('stores what a garbled model says without what cannot be stored', async () => {
      stage.leaves.model = async function* () {
        yield 'Yes\u0000, \u001b[31mwe';
        yield ' do.';
      };
      expect((await say('can it be a gift')).text).toBe('Yes, [31mwe do.');
    });

    it.each([
      ['is down', () => Promise.reject(new AppError('unavailable', 'Down.'))],
      ['hangs', hang],
    ])('answers from the passages alone when understanding %s', async (_, broken) => {
      stage.leaves.hear = broken;
      const told = await inTime('how long is delivery');
      expect(told).toMatchObject({ cases: 'accepted replied', text: 'Two days.' });
      expect(told.reply!.degraded).toBe(true);
      expect(told.reply!.understanding).toBeUndefined();
    });

    it.each([
      ['is down', () => Promise.reject(new AppError('unavailable', 'Down.'))],
      ['hangs', hang],
    ])('keeps its standard replies and flows when knowledge %s', async (_, broken) => {
      stage.leaves.find = broken;
      expect((await inTime('hello')).text).toMatch(/^Hello/);
      const told = await inTime('how long is delivery');
      expect(kindOf(told)).toBe('FALLBACK');
      expect(told.reply!.degraded).toBe(true);
    });

    it('offers a person, and then calls one, when understanding and knowledge are down', async () => {
      stage.leaves.hear = hang;
      stage.leaves.find = hang;
      stage.leaves.queuePosition = () => hang();
      const chat = await stage.open();
      expect(kindOf(await chat.say('hello'))).toBe('FALLBACK');
      const told = await chat.say('hello?');
      expect(kindOf(told)).toBe('HANDOFF');
      expect(told.text).toMatch(/as soon as they can/);
    });
  });
}
