/**
 * Stands in for the dialogue service: conversations per tenant, a log with seq, turns which stream and are replayed
 * under the same client id, watches. What a message says decides what the turn does.
 */
import { timestampNow } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ConversationStatus,
  HandoffState,
  ReplyKind,
  Role,
  type ConversationSchema,
  type HandoffTicketSchema,
  type MessageSchema,
  type ReplySchema,
} from '@frontdesk/contracts/common/v1/conversation';
import {
  DialogueService,
  type ConverseResponseSchema,
  type WatchResponseSchema,
} from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { AppError, currentContext, newId, requireTenant } from '@frontdesk/core';
import { fake } from '@frontdesk/testing';

type Conversation = MessageInitShape<typeof ConversationSchema>;
type Message = MessageInitShape<typeof MessageSchema> & { seq: bigint };
type Ticket = MessageInitShape<typeof HandoffTicketSchema>;
type Reply = MessageInitShape<typeof ReplySchema>;

interface Entry {
  readonly conversation: Conversation;
  readonly log: Message[];
  readonly replies: Map<string, { text: string; reply: Reply }>;
  readonly watchers: Set<() => void>;
  typing: number;
  handoff?: Ticket;
}

const understanding = {
  mood: { level: -0.4, slope: -0.1, turns: 3 },
  language: 'en',
  intent: { name: 'order_status', confidence: 0.9 },
  emotion: { name: 'neutral', confidence: 0.8 },
  entities: [{ type: 'order_number', value: 'A1001', start: 6, end: 11, text: 'A1001' }],
  requests: [{ intent: { name: 'refund', confidence: 0.7 }, start: 12, end: 20 }],
  model: 'neural-1',
  tier: 'neural',
  embedding: [1, 0],
};

export class FakeDialogue {
  readonly conversations = new Map<string, Entry>();
  /** Contexts in which customers' messages came in. */
  readonly heard: { tenantId?: string | undefined; principal?: unknown; requestId: string }[] = [];
  readonly ratings: unknown[] = [];
  /** Tokens that `flood` has produced so far. */
  produced = 0;
  cancelled = 0;
  /** Turns on `wait` go on when this resolves. */
  gate: Promise<void> = Promise.resolve();
  /** Watches break off after so many events, once. */
  breakWatchAfter = Infinity;

  readonly service = fake(DialogueService, {
    openConversation: (request) => {
      const known = request.conversationId && this.conversations.get(key(request.conversationId));
      if (known) return { conversation: known.conversation };
      if (request.bot === 'nobody') throw new AppError('not_found', 'There is no such bot.');
      const id = request.conversationId || newId();
      const conversation: Conversation = {
        id,
        bot: request.bot || 'default',
        channel: request.channel || 'api',
        locale: request.locale,
        ...(request.customer && { customer: { ...request.customer } }),
        status: ConversationStatus.OPEN,
        createdAt: timestampNow(),
      };
      this.conversations.set(key(id), {
        conversation,
        log: [],
        replies: new Map(),
        watchers: new Set(),
        typing: 0,
      });
      return { conversation };
    },
    getConversation: ({ conversationId }) => {
      const { conversation, handoff } = this.find(conversationId);
      return { conversation: Object.assign(conversation, handoff && { handoff }) };
    },
    converse: (request, call) => this.converse(request, call.signal),
    ask: async (request, call) => {
      for await (const { event } of this.converse(request, call.signal))
        if (event?.case === 'replied' || event?.case === 'superseded') return { outcome: event };
      return {};
    },
    watch: (request, call) => this.watch(request, call.signal),
    listMessages: ({ conversationId, afterSeq, limit }) => {
      const page = this.find(conversationId).log.filter(({ seq }) => seq > afterSeq);
      const messages = page.slice(0, limit || 50);
      return { messages, nextAfterSeq: page.length > messages.length ? messages.at(-1)!.seq : 0n };
    },
    requestHandoff: ({ conversationId }) => {
      const entry = this.find(conversationId);
      entry.handoff ??= { id: newId(), position: 2, reason: 'customer_request', state: HandoffState.WAITING };
      ring(entry);
      return { handoff: entry.handoff };
    },
    postAgentMessage: ({ conversationId, text, clientMessageId }) => {
      const entry = this.find(conversationId);
      const known =
        clientMessageId && entry.log.find((message) => message.clientMessageId === clientMessageId);
      if (known) return { message: known };
      return {
        message: append(entry, {
          role: Role.AGENT,
          text,
          clientMessageId,
          agentId: currentContext()!.principal!.id,
        }),
      };
    },
    signalTyping: ({ conversationId }) => {
      const entry = this.find(conversationId);
      entry.typing += 1;
      ring(entry);
      return {};
    },
    closeConversation: ({ conversationId }) => {
      const entry = this.find(conversationId);
      entry.conversation.status = ConversationStatus.CLOSED;
      ring(entry);
      return { conversation: entry.conversation };
    },
    addFeedback: ({ conversationId, rating, comment, messageSeq }) => {
      this.find(conversationId);
      this.ratings.push({ conversationId, rating, comment, messageSeq: Number(messageSeq) });
      return {};
    },
    listBots: () => ({ bots: [{ name: 'default', languages: ['en', 'zh'] }] }),
  });

  /** A message that appears in the log by itself. */
  say(conversationId: string, role: Role, text: string): void {
    const entry = [...this.conversations.values()].find(
      ({ conversation }) => conversation.id === conversationId,
    )!;
    append(entry, { role, text });
  }

  private find(id: string): Entry {
    const entry = this.conversations.get(key(id));
    if (!entry) throw new AppError('not_found', 'There is no such conversation.');
    return entry;
  }

  private async *converse(
    {
      conversationId,
      text,
      clientMessageId,
    }: { conversationId: string; text: string; clientMessageId: string },
    signal: AbortSignal,
  ): AsyncGenerator<MessageInitShape<typeof ConverseResponseSchema>> {
    const entry = this.find(conversationId);
    const { tenantId, principal, requestId } = currentContext()!;
    this.heard.push({ tenantId, principal, requestId });
    if (text === 'crash') throw new Error('secret text of an internal error');
    if (text === 'away') throw new AppError('unavailable', 'The database does not answer.');
    const before = clientMessageId ? entry.replies.get(clientMessageId) : undefined;
    if (before && before.text !== text)
      throw new AppError('already_exists', 'This clientMessageId was used for another text.');
    const turnId = before?.reply.turnId ?? newId();
    const asked = before ? 0n : append(entry, { role: Role.CUSTOMER, text, clientMessageId, turnId }).seq;
    yield { event: { case: 'accepted', value: { turnId, messageSeq: asked, replayed: Boolean(before) } } };
    if (before) return yield { event: { case: 'replied', value: before.reply } };
    yield { event: { case: 'understood', value: understanding } };
    if (text === 'superseded') return yield { event: { case: 'superseded', value: { turnId } } };
    if (text === 'break') throw new AppError('internal', 'secret text of an internal error');
    if (text === 'flood') {
      try {
        for (; this.produced < 200_000 && !signal.aborted; this.produced += 1)
          yield { event: { case: 'token', value: { text: 'x'.repeat(1_000) } } };
      } finally {
        this.cancelled += 1;
      }
    }
    if (text === 'wait') {
      yield { event: { case: 'token', value: { text: 'One ' } } };
      await this.gate;
    }
    const handoff =
      text === 'person'
        ? { id: 'h1', position: 1, reason: 'customer_request', state: HandoffState.WAITING }
        : undefined;
    if (text.startsWith('tell'))
      for (const word of ['It ', 'is ', 'on its way.'])
        yield { event: { case: 'token', value: { text: word } } };
    const message =
      text === 'silent'
        ? undefined
        : append(entry, {
            role: Role.BOT,
            text: text.startsWith('tell') ? 'It is on its way.' : `You said: ${text}`,
            kind: text.startsWith('tell') ? ReplyKind.GENERATED : ReplyKind.FAQ,
            sources: [{ id: 'a1', title: 'Delivery', score: 0.8, url: '' }],
            turnId,
          });
    const reply: Reply = {
      conversationId,
      turnId,
      ...(message && { message }),
      understanding,
      degraded: false,
      ...(handoff && { handoff }),
      timings: { totalMs: 12 },
    };
    if (clientMessageId) entry.replies.set(clientMessageId, { text, reply });
    yield { event: { case: 'replied', value: reply } };
  }

  private async *watch(
    { conversationId, afterSeq }: { conversationId: string; afterSeq: bigint },
    signal: AbortSignal,
  ): AsyncGenerator<MessageInitShape<typeof WatchResponseSchema>> {
    const entry = this.find(conversationId);
    let seq = afterSeq;
    let typing = entry.typing;
    let wake = (): void => undefined;
    const bell = (): void => wake();
    entry.watchers.add(bell);
    signal.addEventListener('abort', bell);
    let told = '';
    try {
      while (!signal.aborted) {
        for (const message of entry.log.filter((each) => each.seq > seq)) {
          if (this.breakWatchAfter-- === 0) throw new AppError('unavailable', 'The pod is gone.');
          seq = message.seq;
          yield { event: { case: 'message', value: message } };
        }
        for (; typing < entry.typing; typing += 1)
          yield { event: { case: 'typing', value: { role: Role.AGENT } } };
        if (entry.handoff && told !== entry.handoff.id) {
          told = entry.handoff.id!;
          yield { event: { case: 'handoff', value: entry.handoff } };
        }
        if (entry.conversation.status === ConversationStatus.CLOSED)
          return yield { event: { case: 'closed', value: {} } };
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (signal.aborted || entry.log.some((each) => each.seq > seq)) resolve();
        });
      }
    } finally {
      entry.watchers.delete(bell);
    }
  }
}

function append(entry: Entry, message: MessageInitShape<typeof MessageSchema>): Message {
  const logged = { ...message, seq: BigInt(entry.log.length + 1), createdAt: timestampNow() } as Message;
  entry.log.push(logged);
  ring(entry);
  return logged;
}

function ring(entry: Entry): void {
  for (const wake of entry.watchers) setImmediate(wake);
}

function key(id: string): string {
  return `${requireTenant()}/${id}`;
}
