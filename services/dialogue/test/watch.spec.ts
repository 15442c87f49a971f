/** Following a conversation: each message once and in order, whatever is lost on the way. */
import { HandoffState, Role } from '@frontdesk/contracts/common/v1/conversation';
import { KeyValue } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import {
  accepted,
  closedByAgent,
  onEachDatabase,
  queued,
  returned,
  type Chat,
  type Stage,
  type Watcher,
} from './stage.js';

onEachDatabase('a watch', watching, () => ({ WATCH_POLL_MS: '300' }));

function watching(stage: Stage): void {
  const upTo = (last: number, from = 1): number[] =>
    Array.from({ length: last - from + 1 }, (_, index) => from + index);
  const hears = (watcher: Watcher, last: number): Promise<unknown> =>
    eventually(`message ${last}, not ${watcher.seqs().join()}`, () => watcher.seqs().at(-1) === last);
  const close = (chat: Chat) => chat.as((client) => client.closeConversation({ conversationId: chat.id }));

  it('tells the log so far, then what is new', async () => {
    const chat = await stage.open();
    await chat.say('hello');
    const watcher = chat.watch();
    await hears(watcher, 2);
    await chat.say('how long is delivery');
    await hears(watcher, 4);
    expect(watcher.seqs()).toEqual(upTo(4));
    expect(watcher.seen.map((event) => event.case === 'message' && event.value)).toEqual(
      await chat.messages(),
    );
    await watcher.leave();
  });

  it('resumes after a position, also one that is not there yet', async () => {
    const chat = await stage.open();
    await chat.say('hello');
    const watcher = chat.watch(1);
    const ahead = chat.watch(3);
    await chat.say('hello');
    await hears(watcher, 4);
    await hears(ahead, 4);
    expect(watcher.seqs()).toEqual([2, 3, 4]);
    expect(ahead.seqs()).toEqual([4]);
    await Promise.all([watcher.leave(), ahead.leave()]);
  });

  it('has no gap and no double while many write, for watchers who come at any time', async () => {
    const chat = await stage.open();
    const watchers = [chat.watch()];
    const rounds = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 4; round += 1) {
        await chat.say('how long is delivery', `m${writer}-${round}`);
        if (writer < 3) watchers.push(chat.watch());
      }
    });
    await Promise.all(rounds);
    const { length } = await chat.messages();
    expect(length).toBeGreaterThanOrEqual(33);
    for (const watcher of watchers) {
      await hears(watcher, length);
      expect(watcher.seqs()).toEqual(upTo(length));
    }
    await Promise.all(watchers.map((watcher) => watcher.leave()));
  });

  it('tells a log that is longer than a page', async () => {
    const chat = await stage.open();
    await chat.takenOver();
    for (let line = 0; line < 120; line += 1)
      await chat.asAgent('agent-1', (client) =>
        client.postAgentMessage({ conversationId: chat.id, text: `line ${line}` }),
      );
    const watcher = chat.watch();
    await hears(watcher, 122);
    expect(watcher.seqs()).toEqual(upTo(122));
    await watcher.leave();
  });

  it('tells how a handoff goes, and ends with the conversation', async () => {
    const chat = await stage.open();
    const watcher = chat.watch();
    const states = (): string[] =>
      watcher.seen.flatMap(({ case: of, value }) =>
        of === 'handoff' ? [`${HandoffState[value.state]} ${value.position} ${value.agentName}`] : [],
      );
    const state = (expected: string) => eventually(expected, () => states().at(-1) === expected);
    const handoffId = await chat.handedOff();
    await state('WAITING 1 ');
    await chat.handoff(handoffId, 1, queued(3));
    await state('WAITING 3 ');
    await chat.handoff(handoffId, 2, queued(3));
    await chat.handoff(handoffId, 3, accepted());
    await state('ACTIVE 0 Ann');
    await chat.handoff(handoffId, 4, returned);
    await state('RETURNED 0 Ann');
    await chat.handoff(handoffId, 5, accepted('agent-2', 'Bo'));
    await chat.handoff(handoffId, 6, closedByAgent);
    await watcher.ended();
    expect(states().slice(0, 4)).toEqual(['WAITING 1 ', 'WAITING 3 ', 'ACTIVE 0 Ann', 'RETURNED 0 Ann']);
    expect(states().at(-1)).toBe('CLOSED 0 Bo');
    expect(watcher.failure).toBeUndefined();
    expect(watcher.seen.at(-1)!.case).toBe('closed');
    expect(watcher.seqs()).toEqual(upTo((await chat.messages()).length));
  });

  it('of a closed conversation tells all of it and ends', async () => {
    const chat = await stage.open();
    await chat.say('hello');
    await close(chat);
    const watcher = chat.watch();
    await watcher.ended();
    expect(watcher.seen.map((event) => event.case)).toEqual(['message', 'message', 'closed']);
  });

  it('tells the last words before the end, however close they come', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const chat = await stage.open();
      const handoffId = await chat.takenOver();
      const watcher = chat.watch();
      await Promise.all([
        chat.asAgent('agent-1', (client) =>
          client.postAgentMessage({ conversationId: chat.id, text: 'Bye.' }),
        ),
        chat.handoff(handoffId, 2, closedByAgent).then(() => chat.eventuallyStatus(4)),
      ]).catch(() => undefined);
      await watcher.ended();
      expect(watcher.seqs()).toEqual(upTo((await chat.messages()).length));
    }
  });

  it('tells who is writing, and keeps nothing of it', async () => {
    const chat = await stage.open();
    const watcher = chat.watch();
    const typists = (): Role[] =>
      watcher.seen.flatMap((event) => (event.case === 'typing' ? [event.value.role] : []));
    const typing = (client: typeof stage.client) => client.signalTyping({ conversationId: chat.id });
    await eventually('typing is heard', async () => {
      await chat.asAgent('agent-1', typing);
      return typists().length > 0;
    });
    expect(typists()[0]).toBe(Role.AGENT);
    await chat.as(typing);
    await eventually('the customer types', () => typists().at(-1) === Role.CUSTOMER);
    await watcher.leave();
    const late = chat.watch();
    await chat.say('hello');
    await hears(late, 2);
    expect(late.seen.map((event) => event.case)).toEqual(['message', 'message']);
    await late.leave();
  });

  it.each<[string, (keyValue: KeyValue) => Partial<KeyValue>]>([
    ['no notice arrives', () => ({ notify: async () => undefined })],
    ['notices are refused', () => ({ notify: () => Promise.reject(new Error('no Redis')) })],
    [
      'nobody can listen',
      (keyValue) => ({ subscribe: () => Promise.reject(new Error('no Redis')), notify: keyValue.notify }),
    ],
    ['listening never begins', () => ({ subscribe: () => new Promise(() => undefined) })],
  ])('misses nothing when %s', async (_, broken) => {
    const keyValue = stage.get(KeyValue);
    const { notify, subscribe } = keyValue;
    Object.assign(keyValue, broken(keyValue));
    try {
      const chat = await stage.open();
      const watcher = chat.watch();
      await chat.say('hello');
      await hears(watcher, 2);
      await chat.say('hello');
      await hears(watcher, 4);
      expect(watcher.seqs()).toEqual(upTo(4));
      await watcher.leave();
    } finally {
      Object.assign(keyValue, { notify, subscribe });
    }
  });
}
