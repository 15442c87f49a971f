/** What holds when messages come twice, at once, or too late: one reply per message, and none that is out of date. */
import { Role } from '@frontdesk/contracts/common/v1/conversation';
import { newId } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import { TurnLog } from '../src/conversation/turn-log.js';
import { accepted, onEachDatabase, returned, type Chat, type Stage, type Told } from './stage.js';

onEachDatabase('a conversation under races', races);

function races(stage: Stage): void {
  const botMessages = async (chat: Chat): Promise<string[]> =>
    (await chat.messages()).filter(({ role }) => role === Role.BOT).map(({ text }) => text);

  /** A model that speaks when it is let. */
  function heldModel(): { started: Promise<void>; release(): void } {
    const started = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    stage.leaves.model = async function* (_, call) {
      yield 'One ';
      started.resolve();
      await Promise.race([
        released.promise,
        new Promise<void>((_resolve, reject) =>
          call.signal.addEventListener('abort', () => reject(call.signal.reason as Error)),
        ),
      ]);
      yield 'two.';
    };
    return { started: started.promise, release: released.resolve };
  }

  describe('a retry', () => {
    it('is answered by the same reply, and leaves nothing behind', async () => {
      const chat = await stage.open();
      const first = await chat.say('how long is delivery', 'm1');
      const again = await chat.say('how long is delivery', 'm1');
      expect(again.cases).toBe('accepted replied');
      expect(again.replayed).toBe(true);
      expect(first.replayed).toBe(false);
      expect(again.reply).toEqual(first.reply);
      expect(await chat.script()).toEqual(['customer: how long is delivery', 'bot: Two days.']);
      await chat.say('hello');
      await chat.eventuallyFacts(
        ...['opened', 'customerMessagePosted', 'turnCompleted'],
        ...['customerMessagePosted', 'turnCompleted'],
      );
    });

    it('is answered so even when the conversation has been closed since', async () => {
      const chat = await stage.open();
      const first = await chat.say('hello', 'm1');
      await chat.as((client) => client.closeConversation({ conversationId: chat.id }));
      expect((await chat.say('hello', 'm1')).reply).toEqual(first.reply);
      await expect(chat.say('hello', 'm2')).rejects.toMatchObject({ code: 'failed_precondition' });
    });

    it('with another text is refused', async () => {
      const chat = await stage.open();
      await chat.say('hello', 'm1');
      await expect(chat.say('something else', 'm1')).rejects.toMatchObject({ code: 'already_exists' });
      expect(await chat.messages()).toHaveLength(2);
    });

    it('in another conversation is another message', async () => {
      const [one, other] = [await stage.open(), await stage.open()];
      await one.say('hello', 'm1');
      expect((await other.say('hello', 'm1')).replayed).toBe(false);
    });

    it('of ten at once gets the one reply that there is', async () => {
      stage.leaves.model = async function* () {
        yield 'Yes, free.';
      };
      const chat = await stage.open();
      const told = await Promise.all(Array.from({ length: 10 }, () => chat.say('can it be a gift', 'm1')));
      expect(await chat.script()).toEqual(['customer: can it be a gift', 'bot: Yes, free.']);
      expect(new Set(told.map(({ reply }) => JSON.stringify(reply?.message, bigintAsText))).size).toBe(1);
      expect(told.every(({ text }) => text === 'Yes, free.')).toBe(true);
      await chat.eventuallyFacts('opened', 'customerMessagePosted', 'turnCompleted');
    });

    it('takes over a turn that was begun and never ended', async () => {
      const chat = await stage.open();
      await chat.as(() => stage.get(TurnLog).accept(chat.id, 'hello', 'm1'));
      const told = await chat.say('hello', 'm1');
      expect(told.text).toMatch(/^Hello/);
      expect(told.replayed).toBe(false);
      expect(await chat.messages()).toHaveLength(2);
      await chat.eventuallyFacts('opened', 'customerMessagePosted', 'turnCompleted');
    });

    it('of a message that a newer one has overtaken is told so', async () => {
      const chat = await stage.open();
      await chat.as(() => stage.get(TurnLog).accept(chat.id, 'hello', 'm1'));
      await chat.say('how long is delivery', 'm2');
      const told = await chat.say('hello', 'm1');
      expect(told.cases).toBe('accepted superseded');
      expect(await botMessages(chat)).toEqual(['Two days.']);
    });
  });

  describe('the fence', () => {
    const answer = {
      text: 'late',
      kind: 'flow' as const,
      sources: [],
      memory: { failedTurns: 0, awaiting: null, language: 'en', feelings: [], turnsSinceSoothed: null },
      reading: null,
      degraded: false,
      timings: {},
      handoff: null,
    };
    const begin = async (chat: Chat, text = 'hello') => {
      const { turn } = await chat.as(() => stage.get(TurnLog).accept(chat.id, text, newId()));
      return { commit: () => chat.as(() => stage.get(TurnLog).commit(turn, answer)) };
    };

    it('lets a turn commit once', async () => {
      const chat = await stage.open();
      const turn = await begin(chat);
      expect(await turn.commit()).toMatchObject({ message: { seq: 2, text: 'late' } });
    });

    it.each<[string, (chat: Chat) => Promise<unknown>]>([
      ['a newer message', (chat) => begin(chat, 'newer')],
      ['an agent', (chat) => chat.takenOver()],
      [
        'an agent who has left again',
        async (chat) => {
          const handoffId = await chat.takenOver();
          await chat.handoff(handoffId, 2, returned);
          await chat.eventuallyStatus(1);
        },
      ],
      ['the end', (chat) => chat.as((client) => client.closeConversation({ conversationId: chat.id }))],
    ])('keeps out what comes after %s', async (_, overtake) => {
      const chat = await stage.open();
      const turn = await begin(chat);
      await overtake(chat);
      const before = await chat.script();
      expect(await turn.commit()).toBeUndefined();
      expect(await chat.script()).toEqual(before);
    });

    it('keeps out what was begun while an agent had the word', async () => {
      const chat = await stage.open();
      await chat.takenOver();
      const turn = await begin(chat);
      expect(await turn.commit()).toBeUndefined();
    });

    it('lets a turn commit while somebody waits for a person, and forgets no handoff by it', async () => {
      const chat = await stage.open();
      const turn = await begin(chat);
      const handoffId = await chat.handedOff();
      const reply = await turn.commit();
      expect(reply).toMatchObject({ message: { text: 'late' }, handoff: { id: handoffId } });
      expect(await chat.head()).toMatchObject({ status: 2, handoff: { id: handoffId } });
    });
  });

  it('gives a newer message the word, and tells the older one so', async () => {
    const model = heldModel();
    const chat = await stage.open();
    const older = chat.say('can it be a gift');
    await model.started;
    const newer = await chat.say('how long is delivery');
    expect(newer.text).toBe('Two days.');
    expect(await older).toMatchObject({ superseded: true, tokens: 'One ' });
    expect(await botMessages(chat)).toEqual(['Two days.']);
  });

  it('asks for one person, though the customer and the bot both do', async () => {
    const asking = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<number>();
    stage.leaves.queuePosition = () => {
      stage.leaves.queuePosition = () => 1;
      asking.resolve();
      return answer.promise;
    };
    const chat = await stage.open();
    const turn = chat.say('I want a person');
    await asking.promise;
    const handoffId = await chat.handedOff();
    answer.resolve(1);
    expect((await turn).reply!.handoff!.id).toBe(handoffId);
    await chat.eventuallyFacts('opened', 'customerMessagePosted', 'handoffRequested', 'turnCompleted');
  });

  it('finishes a turn whose listener has left', async () => {
    const model = heldModel();
    const chat = await stage.open();
    for await (const { event } of chat.converse('can it be a gift', 'm1')) if (event.case === 'token') break;
    model.release();
    await eventually('the answer is in the log', async () => (await chat.messages()).length === 2);
    expect(await chat.script()).toEqual(['customer: can it be a gift', 'bot: One two.']);
    expect(await chat.say('can it be a gift', 'm1')).toMatchObject({ text: 'One two.', replayed: true });
  });

  it('costs two transactions of two statements to answer from an article', async () => {
    const database = stage.get(Database);
    const chat = await stage.open();
    const statements: string[][] = [];
    const { transaction } = database;
    database.transaction = (work) =>
      transaction.call(database, (tx) => {
        const own: string[] = [];
        statements.push(own);
        const query: typeof tx.query = (sql, parameters) => {
          own.push(sql.trim().split(' ')[0]!);
          return tx.query(sql, parameters);
        };
        return work({ tenantId: tx.tenantId, query, afterCommit: (action) => tx.afterCommit(action) });
      }) as never;
    try {
      await chat.say('how long is delivery');
    } finally {
      database.transaction = transaction;
    }
    expect(statements).toEqual([
      ['WITH', 'WITH'],
      ['WITH', 'WITH'],
    ]);
  });

  describe('in any order of customers, retries, agents and late answers', () => {
    /** xorshift32: the same seed gives the same story. */
    function random(seed: number): (below: number) => number {
      let state = seed;
      return (below) => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) % below;
      };
    }

    /** One story of twelve steps, some of which run at the same time. */
    async function story(seed: number): Promise<void> {
      const chance = random(seed * 2_654_435_761);
      const chat = await stage.open({ tenantId: 't-stories' });
      const log = stage.get(TurnLog);
      const sent: { id: string; text: string }[] = [];
      const running: Promise<unknown>[] = [];
      let handoffId: string | undefined;
      let revision = 0;

      const send = ({ id, text }: { id: string; text: string }): void => {
        running.push(chat.say(text, id));
      };
      const steps: (() => Promise<void> | void)[] = [
        () => {
          sent.push({
            id: `m${sent.length}`,
            text: ['hello', 'how long is delivery', 'blah', 'yes'][chance(4)]!,
          });
          send(sent.at(-1)!);
        },
        () => {
          const known = sent[chance(sent.length)];
          if (known) send(known);
        },
        async () => {
          // A pod that dies with the message in the log.
          sent.push({ id: `m${sent.length}`, text: 'hello' });
          await chat.as(() => log.accept(chat.id, 'hello', sent.at(-1)!.id));
        },
        async () => {
          handoffId = await chat.handedOff();
        },
        async () => {
          if (handoffId) await chat.handoff(handoffId, (revision += 1), accepted());
        },
        async () => {
          if (handoffId) await chat.handoff(handoffId, (revision += 1), returned);
        },
        async () => {
          await Promise.allSettled(running);
        },
      ];
      for (let step = 0; step < 12; step += 1) await steps[chance(steps.length)]!();
      const settled = await Promise.allSettled(running);
      expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
      // What nobody waited for is retried, as an app does until it has an answer.
      for (const message of sent) await chat.say(message.text, message.id);
      await expectWholeLog(
        chat,
        settled.map((one) => (one as PromiseFulfilledResult<Told>).value),
      );
    }

    async function expectWholeLog(chat: Chat, told: readonly Told[]): Promise<void> {
      const messages = await chat.messages();
      expect(messages.map(({ seq }) => Number(seq))).toEqual(messages.map((_, index) => index + 1));

      const turns = Map.groupBy(
        messages.filter(({ turnId }) => turnId),
        ({ turnId }) => turnId,
      );
      for (const [turnId, [question, ...replies]] of turns) {
        expect(question!.role).toBe(Role.CUSTOMER);
        expect(replies.length).toBeLessThanOrEqual(1);
        const heard = told.filter(({ reply }) => reply?.turnId === turnId && reply.message);
        for (const { reply } of heard) expect(reply!.message!.seq).toBe(replies[0]!.seq);
        const after = messages.filter(({ seq, role }) => seq > question!.seq && role === Role.CUSTOMER);
        const ending = await chat.say(question!.text, question!.clientMessageId);
        if (replies.length === 0 && after.length === 0) expect(ending.reply!.message).toBeUndefined();
        expect(ending.superseded && replies.length > 0).toBe(false);
      }

      // From an acceptance to a return, no word of the bot's.
      let withAgent = false;
      for (const { role, text } of messages) {
        if (role === Role.SYSTEM)
          withAgent = text === 'Ann has joined.' || (withAgent && !/is back/.test(text));
        if (role === Role.BOT) expect(withAgent).toBe(false);
      }

      const expected = messages.flatMap(({ role, seq }) =>
        role === Role.CUSTOMER
          ? [`customerMessagePosted ${seq}`]
          : role === Role.BOT
            ? [`turnCompleted ${seq}`]
            : [],
      );
      const facts = (): string[] =>
        chat.facts().flatMap((fact) => {
          if (fact.case === 'customerMessagePosted') return [`${fact.case} ${fact.value.message!.seq}`];
          return fact.case === 'turnCompleted' ? [`${fact.case} ${fact.value.reply!.message!.seq}`] : [];
        });
      await eventually('every message is told', () => facts().length >= expected.length);
      expect(facts()).toEqual(expected);
    }

    it.each(Array.from({ length: 20 }, (_, batch) => batch))(
      'keeps a whole log (stories %i × 10)',
      async (batch) => {
        for (let story_ = 0; story_ < 10; story_ += 1) await story(batch * 10 + story_ + 1);
      },
      120_000,
    );
  });
}

const bigintAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
