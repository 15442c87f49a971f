/** People in a conversation: from the wish for one to their leaving, and what the bot does meanwhile. */
import { ConversationStatus, HandoffState, Role } from '@frontdesk/contracts/common/v1/conversation';
import { Database } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import { accepted, closedByAgent, onEachDatabase, queued, returned, type Chat, type Stage } from './stage.js';

onEachDatabase('a handoff', people);

function people(stage: Stage): void {
  const post = (chat: Chat, agentId: string, text: string, clientMessageId = '') =>
    chat.asAgent(agentId, (client) =>
      client.postAgentMessage({ conversationId: chat.id, text, clientMessageId }),
    );
  const bots = async (chat: Chat): Promise<number> =>
    (await chat.messages()).filter(({ role }) => role === Role.BOT).length;

  describe('asked for', () => {
    it('is one, however often and by however many it is asked for', async () => {
      const chat = await stage.open();
      const ids = await Promise.all([chat.handedOff(), chat.handedOff(), chat.handedOff()]);
      expect(new Set(ids).size).toBe(1);
      expect(await chat.script()).toEqual([
        'system: I am connecting you with a person. You are number 1 in the queue.',
      ]);
      await chat.eventuallyFacts('opened', 'handoffRequested');
    });

    it('comes with the talk so far and the words of the customer, cut between characters', async () => {
      const chat = await stage.open();
      await chat.say('hello');
      await chat.as((client) =>
        client.requestHandoff({ conversationId: chat.id, note: `${'a'.repeat(199)}😀 and more` }),
      );
      await chat.eventuallyFacts('opened', 'customerMessagePosted', 'turnCompleted', 'handoffRequested');
      expect(chat.facts().at(-1)!.value).toMatchObject({
        summary: `customer: hello\nbot: Hello! What can I do for you?\ncustomer: ${'a'.repeat(199)}`,
      });
    });

    it('tells its place in the queue, and when that changes', async () => {
      const chat = await stage.open();
      const handoffId = await chat.handedOff();
      await chat.handoff(handoffId, 1, queued(4));
      await eventually('place 4', async () => (await chat.head()).handoff?.position === 4);
      expect((await chat.say('how long is delivery')).text).toBe('Two days.');
      expect((await chat.head()).handoff).toMatchObject({ position: 4, state: HandoffState.WAITING });
    });

    it('says nothing of a place that the handoff service does not tell in time', async () => {
      stage.leaves.queuePosition = () => new Promise(() => undefined);
      const chat = await stage.open();
      await chat.handedOff();
      expect((await chat.script())[0]).toMatch(/as soon as they can/);
    });
  });

  describe('accepted', () => {
    it('silences the bot, even in the middle of an answer', async () => {
      const speaking = Promise.withResolvers<void>();
      stage.leaves.model = async function* (_, call) {
        for (let word = 0; !call.signal.aborted; word += 1) {
          yield `word ${word} `;
          speaking.resolve();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const chat = await stage.open();
      const turn = chat.say('can it be a gift', 'm1');
      await speaking.promise;
      await chat.takenOver();
      const told = await turn;
      expect(told.reply).toMatchObject({ handoff: { agentName: 'Ann', state: HandoffState.ACTIVE } });
      expect(told.reply!.message).toBeUndefined();
      expect((await chat.say('can it be a gift', 'm1')).reply).toEqual(told.reply);
      expect(await chat.script()).toEqual([
        'customer: can it be a gift',
        'system: I am connecting you with a person. You are number 1 in the queue.',
        'system: Ann has joined.',
      ]);
    });

    it('lets customer and agent talk without the bot', async () => {
      const chat = await stage.open();
      await chat.takenOver();
      const told = await chat.say('hello');
      expect(told).toMatchObject({ cases: 'accepted replied', replayed: false });
      expect(told.reply!.message).toBeUndefined();
      const { message } = await post(chat, 'agent-1', 'Hi, Ann here.', 'a1');
      expect(message).toMatchObject({ role: Role.AGENT, agentId: 'agent-1', text: 'Hi, Ann here.' });
      expect(await bots(chat)).toBe(0);
      await chat.eventuallyFacts(
        ...['opened', 'handoffRequested', 'customerMessagePosted', 'agentMessagePosted'],
      );
    });

    it.each([
      ['older than what is known', 2],
      ['known already', 3],
    ])('is not undone by a fact %s', async (_, revision) => {
      const chat = await stage.open();
      const handoffId = await chat.handedOff();
      await chat.handoff(handoffId, 3, accepted());
      await chat.eventuallyStatus(ConversationStatus.WITH_AGENT);
      await chat.handoff(handoffId, revision, returned);
      await chat.handoff('another-handoff', 9, returned);
      await chat.handoff(handoffId, 4, accepted('agent-2', 'Bo'));
      await eventually('Bo has joined', async () => (await chat.head()).handoff?.agentName === 'Bo');
      expect((await chat.script()).slice(1)).toEqual(['system: Ann has joined.', 'system: Bo has joined.']);
    });

    it('is waited for again after a transfer, and the bot answers meanwhile', async () => {
      const chat = await stage.open();
      const handoffId = await chat.takenOver();
      await chat.handoff(handoffId, 2, queued(2));
      await chat.eventuallyStatus(ConversationStatus.WAITING);
      expect((await chat.say('how long is delivery')).text).toBe('Two days.');
      await expect(post(chat, 'agent-1', 'me again')).rejects.toMatchObject({ code: 'failed_precondition' });
    });
  });

  describe('returned', () => {
    it('gives the bot the word again, with a fresh memory', async () => {
      const chat = await stage.open();
      await chat.say('blah');
      const handoffId = await chat.takenOver();
      await chat.handoff(handoffId, 2, returned);
      await chat.eventuallyStatus(ConversationStatus.OPEN);
      expect((await chat.say('how long is delivery')).text).toBe('Two days.');
      expect((await chat.say('blah')).text).toMatch(/Shall I connect you/);
      const again = await chat.handedOff();
      expect(again).not.toBe(handoffId);
    });
  });

  describe('closed', () => {
    it('by the agent ends the conversation', async () => {
      const chat = await stage.open();
      const handoffId = await chat.takenOver();
      await chat.handoff(handoffId, 2, closedByAgent);
      await chat.eventuallyStatus(ConversationStatus.CLOSED);
      await expect(chat.say('hello?')).rejects.toMatchObject({ code: 'failed_precondition' });
      await expect(chat.handedOff()).rejects.toMatchObject({ code: 'failed_precondition' });
      await expect(post(chat, 'agent-1', 'bye')).rejects.toMatchObject({ code: 'failed_precondition' });
      await chat.eventuallyFacts('opened', 'handoffRequested', 'closed');
    });

    it('by the customer ends the handoff too, and once', async () => {
      const chat = await stage.open();
      const handoffId = await chat.takenOver();
      const close = () => chat.as((client) => client.closeConversation({ conversationId: chat.id }));
      const closed = await close();
      expect(closed.conversation).toMatchObject({
        status: ConversationStatus.CLOSED,
        handoff: { id: handoffId, state: HandoffState.CLOSED },
      });
      expect(await close()).toEqual(closed);
      await chat.handoff(handoffId, 2, returned);
      await chat.as((client) => client.addFeedback({ conversationId: chat.id, rating: 5 }));
      await chat.eventuallyFacts('opened', 'handoffRequested', 'closed', 'feedbackGiven');
      expect((await chat.head()).status).toBe(ConversationStatus.CLOSED);
    });
  });

  describe("an agent's words", () => {
    it('are refused but from the agent who has the conversation', async () => {
      const chat = await stage.open();
      await expect(post(chat, 'agent-1', 'hi')).rejects.toMatchObject({ code: 'failed_precondition' });
      await chat.takenOver('agent-1');
      await expect(post(chat, 'agent-2', 'hi')).rejects.toMatchObject({ code: 'failed_precondition' });
      const asChannel = chat.as(
        (client) => client.postAgentMessage({ conversationId: chat.id, text: 'hi' }),
        {
          kind: 'channel',
          id: 'k1',
        },
      );
      await expect(asChannel).rejects.toMatchObject({ code: 'permission_denied' });
      expect((await chat.script()).some((line) => line.startsWith('agent:'))).toBe(false);
    });

    it('are taken when the acceptance has not been told here yet', async () => {
      const chat = await stage.open();
      const handoffId = await chat.handedOff();
      stage.leaves.active = { id: handoffId, agentId: 'agent-1', agentName: 'Ann', revision: 2n };
      await expect(post(chat, 'agent-2', 'not mine')).rejects.toMatchObject({ code: 'failed_precondition' });
      await post(chat, 'agent-1', 'Hi, Ann here.');
      await chat.handoff(handoffId, 2, accepted());
      await chat.handoff(handoffId, 3, queued(1));
      await chat.eventuallyStatus(ConversationStatus.WAITING);
      expect((await chat.script()).slice(1)).toEqual(['system: Ann has joined.', 'agent: Hi, Ann here.']);
    });

    it('are taken from whom it was passed on to, before that is told here', async () => {
      const chat = await stage.open();
      const handoffId = await chat.takenOver('agent-1');
      stage.leaves.active = { id: handoffId, agentId: 'agent-2', agentName: 'Bo', revision: 3n };
      expect((await post(chat, 'agent-2', 'Bo here.')).message!.agentId).toBe('agent-2');
      await expect(post(chat, 'agent-1', 'me too')).rejects.toMatchObject({ code: 'failed_precondition' });
    });

    it('said again are said once, even when the agent has left since', async () => {
      const chat = await stage.open();
      const handoffId = await chat.takenOver();
      const first = await post(chat, 'agent-1', 'Hi.', 'a1');
      expect(await post(chat, 'agent-1', 'Hi.', 'a1')).toEqual(first);
      await expect(post(chat, 'agent-1', 'Bye.', 'a1')).rejects.toMatchObject({ code: 'already_exists' });
      await chat.handoff(handoffId, 2, returned);
      await chat.eventuallyStatus(ConversationStatus.OPEN);
      expect(await post(chat, 'agent-1', 'Hi.', 'a1')).toEqual(first);
      await chat.eventuallyFacts('opened', 'handoffRequested', 'agentMessagePosted');
    });
  });

  it('keeps the newest rating of each message', async () => {
    const chat = await stage.open();
    await chat.say('hello');
    const rate = (rating: number, messageSeq = 0n) =>
      chat.as((client) => client.addFeedback({ conversationId: chat.id, rating, messageSeq, comment: 'ok' }));
    await rate(1);
    await rate(4, 2n);
    await rate(5);
    await chat.eventuallyFacts(
      ...['opened', 'customerMessagePosted', 'turnCompleted'],
      ...['feedbackGiven', 'feedbackGiven', 'feedbackGiven'],
    );
    const rows = await chat.as(() =>
      stage
        .get(Database)
        .transaction((tx) =>
          tx.query(
            `SELECT message_seq, rating FROM feedback WHERE conversation_id = '${chat.id}' ORDER BY message_seq`,
          ),
        ),
    );
    expect(rows).toEqual([
      { message_seq: 0, rating: 5 },
      { message_seq: 2, rating: 4 },
    ]);
  });
}
