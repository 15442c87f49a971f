/** What every caller gets alike: tenants apart, untrusted input refused, pages, names of bots. */
import { fileURLToPath } from 'node:url';
import { type AppError, newId } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { eventually } from '@frontdesk/testing';
import { onEachDatabase, type Chat, type Stage } from './stage.js';

const shopBots = fileURLToPath(new URL('../../../infra/demo/bots', import.meta.url));

onEachDatabase('the dialogue service', calls, () => ({
  BOTS_DIR: shopBots,
  DEFAULT_BOT: 'shop',
  WATCH_POLL_MS: '300',
}));

function calls(stage: Stage): void {
  const refusal = async (call: Promise<unknown>): Promise<{ code: string; message: string }> => {
    try {
      await call;
    } catch (error) {
      return { code: (error as AppError).code, message: (error as AppError).message };
    }
    throw new Error('It was not refused.');
  };

  /** Every method that names a conversation. */
  const methods: Readonly<Record<string, (chat: Chat, conversationId: string) => Promise<unknown>>> = {
    getConversation: (chat, conversationId) =>
      chat.as((client) => client.getConversation({ conversationId })),
    converse: (chat, conversationId) =>
      chat.listen(
        chat.as((client) => client.converse({ conversationId, text: 'hello', clientMessageId: 'm' })),
      ),
    ask: (chat, conversationId) =>
      chat.as((client) => client.ask({ conversationId, text: 'hello', clientMessageId: 'm' })),
    watch: (chat, conversationId) =>
      chat.as(async (client) => {
        for await (const event of client.watch({ conversationId }))
          throw new Error(`It told ${event.event.case}`);
      }),
    listMessages: (chat, conversationId) => chat.as((client) => client.listMessages({ conversationId })),
    requestHandoff: (chat, conversationId) => chat.as((client) => client.requestHandoff({ conversationId })),
    postAgentMessage: (chat, conversationId) =>
      chat.asAgent('agent-1', (client) => client.postAgentMessage({ conversationId, text: 'hi' })),
    signalTyping: (chat, conversationId) => chat.as((client) => client.signalTyping({ conversationId })),
    closeConversation: (chat, conversationId) =>
      chat.as((client) => client.closeConversation({ conversationId })),
    addFeedback: (chat, conversationId) =>
      chat.as((client) => client.addFeedback({ conversationId, rating: 1 })),
  };

  it.each(Object.keys(methods))(
    '%s gives a foreign id and an unknown id the same not_found',
    async (name) => {
      const stranger = await stage.open({ tenantId: 't2' });
      const owner = await stage.open({ tenantId: 't1' });
      await owner.say('hello', 'm');
      const foreign = await refusal(methods[name]!(stranger, owner.id));
      expect(foreign.code).toBe('not_found');
      expect(await refusal(methods[name]!(stranger, newId()))).toEqual(foreign);
      expect(await owner.messages()).toHaveLength(2);
    },
  );

  it('opens a foreign id as a conversation of its own', async () => {
    const owner = await stage.open({ tenantId: 't1' });
    await owner.say('hello');
    const { conversation } = await stage.mesh.as({ tenantId: 't2' }, () =>
      stage.client.openConversation({ conversationId: owner.id, customer: { id: 'c2' } }),
    );
    expect(conversation!.customer!.id).toBe('c2');
    const listed = await stage.mesh.as({ tenantId: 't2' }, () =>
      stage.client.listMessages({ conversationId: owner.id }),
    );
    expect(listed.messages).toEqual([]);
  });

  it('serves nobody without a tenant', async () => {
    expect((await refusal(stage.client.openConversation({ customer: { id: 'c1' } }))).code).toBe(
      'unauthenticated',
    );
  });

  it('keeps nothing of an erased tenant, and all of the others', async () => {
    const other = await stage.open({ tenantId: 't1' });
    const gone = await stage.open({ tenantId: 't-gone' });
    for (const chat of [other, gone]) {
      await chat.say('hello');
      await chat.as((client) => client.addFeedback({ conversationId: chat.id, rating: 5 }));
    }
    const watcher = gone.watch();
    await eventually('the watcher is there', () => watcher.seqs().length === 2);
    await stage.erase('t-gone');
    await eventually('it is gone', () =>
      gone.head().then(
        () => false,
        (error: AppError) => error.code === 'not_found',
      ),
    );
    await watcher.ended();
    expect(watcher.failure).toMatchObject({ code: 'not_found' });
    expect(await other.messages()).toHaveLength(2);
    const left = await gone.as(() =>
      stage
        .get(Database)
        .transaction((tx) =>
          tx.query(`SELECT FROM messages UNION ALL SELECT FROM turns UNION ALL SELECT FROM feedback`),
        ),
    );
    expect(left).toEqual([]);
  });

  it('opens the same conversation for a retry', async () => {
    const conversationId = newId();
    const open = (id: string) =>
      stage.mesh.as({ tenantId: 't1' }, () =>
        stage.client.openConversation({ conversationId, customer: { id } }),
      );
    const first = await open('c1');
    expect(first.conversation).toMatchObject({ id: conversationId, channel: 'api', bot: 'shop' });
    expect(await open('c1')).toEqual(first);
  });

  it.each([
    ['customer.id', {}],
    ['customer.id', { customer: { id: 'x'.repeat(129) } }],
    ['customer.name', { customer: { id: 'c', name: 'x'.repeat(201) } }],
    ['customer.attributes', { customer: { id: 'c', attributes: { '': 'x' } } }],
    ['customer.attributes.tier', { customer: { id: 'c', attributes: { tier: 'x'.repeat(501) } } }],
    ['customer.attributes.tier', { customer: { id: 'c', attributes: { tier: 'a\u0000b' } } }],
    [
      'customer.attributes',
      {
        customer: {
          id: 'c',
          attributes: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`a${n}`, ''])),
        },
      },
    ],
    ['conversationId', { customer: { id: 'c' }, conversationId: 'x'.repeat(65) }],
    ['channel', { customer: { id: 'c' }, channel: 'x\u0007' }],
    ['locale', { customer: { id: 'c' }, locale: 'x'.repeat(36) }],
    ['bot', { customer: { id: 'c' }, bot: 'nobody' }],
  ])('refuses to open with a bad %s', async (field, request) => {
    const opening = stage.mesh.as({ tenantId: 't1' }, () => stage.client.openConversation(request));
    await expect(opening).rejects.toMatchObject({ code: 'invalid_argument', fields: [{ field }] });
  });

  it.each([
    ['', 'must not be empty'],
    [' \n\t ', 'must not be empty'],
    ['x'.repeat(8_001), 'must have at most 8,000 characters'],
    ['a\u0000b', 'must not contain control characters'],
    ['\u001b[31m', 'must not contain control characters'],
  ])('refuses the message %j', async (text, message) => {
    const chat = await stage.open();
    await expect(chat.say(text)).rejects.toMatchObject({
      code: 'invalid_argument',
      fields: [{ field: 'text', message }],
    });
    expect(await chat.messages()).toEqual([]);
  });

  it('takes every other message as it is, but for blanks around it', async () => {
    const chat = await stage.open();
    const texts = [
      'x'.repeat(8_000),
      'line\n\tbreak',
      '😀 ok',
      "'; DROP TABLE messages; --",
      '{"a":1}',
      'ＡＢ',
    ];
    for (const text of texts) await chat.say(` ${text}\n`);
    const customers = (await chat.messages()).filter(({ role }) => role === 1).map(({ text }) => text);
    expect(customers).toEqual(texts);
  });

  it.each([0, 6])('refuses a rating of %i', async (rating) => {
    const chat = await stage.open();
    const call = chat.as((client) => client.addFeedback({ conversationId: chat.id, rating }));
    await expect(call).rejects.toMatchObject({ code: 'invalid_argument', fields: [{ field: 'rating' }] });
  });

  it('gives the log in pages', async () => {
    const chat = await stage.open();
    for (let turn = 0; turn < 3; turn += 1) await chat.say('hello');
    const page = (afterSeq: bigint, limit = 4) =>
      chat.as((client) => client.listMessages({ conversationId: chat.id, afterSeq, limit }));
    const first = await page(0n);
    expect(first.messages.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n]);
    expect(first.nextAfterSeq).toBe(4n);
    const second = await page(first.nextAfterSeq);
    expect(second.messages.map(({ seq }) => seq)).toEqual([5n, 6n]);
    expect(second.nextAfterSeq).toBe(0n);
    expect((await page(2n ** 64n - 1n)).messages).toEqual([]);
    expect((await page(0n, 0)).messages).toHaveLength(6);
    expect((await page(0n, 1_000_000)).messages).toHaveLength(6);
  });

  it('names its bots and their languages', async () => {
    const { bots } = await stage.mesh.as({ tenantId: 't1' }, () => stage.client.listBots({}));
    expect(bots.map(({ name, languages }) => ({ name, languages }))).toEqual([
      { name: 'default', languages: ['en', 'zh'] },
      { name: 'shop', languages: ['zh', 'en'] },
    ]);
  });
}
