// The end of one turn, as dialogue would tell it and as a channel app would read it.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ReplyKind, Role } from '@frontdesk/contracts/common/v1/conversation';
import type { AskResponseSchema } from '@frontdesk/contracts/dialogue/v1/dialogue_service';

const understanding = {
  language: 'en',
  intent: { name: 'logistics_domestic', confidence: 0.93 },
  intentPath: ['logistics'],
  emotion: { name: 'neutral', confidence: 0.88 },
  entities: [{ type: 'order_number', value: 'A1001', text: 'A1001', start: 18, end: 23 }],
  model: 'lexical-3',
};

const text =
  'Orders paid before 16:00 leave our warehouse the same day. Standard delivery takes two to four days and is free from ¥99; ' +
  'SF Express takes one or two days and costs ¥18. Remote areas need five to eight days.';

export const reply: MessageInitShape<typeof AskResponseSchema>['outcome'] = {
  case: 'replied',
  value: {
    conversationId: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5b',
    turnId: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a',
    understanding,
    message: {
      seq: 2n,
      role: Role.BOT,
      kind: ReplyKind.FAQ,
      text,
      turnId: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a',
      createdAt: { seconds: 1_795_000_000n, nanos: 0 },
      sources: [
        {
          id: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5c',
          title: 'How long does delivery take?',
          score: 0.91,
          url: '',
        },
      ],
    },
    timings: { understandMs: 3, totalMs: 9 },
  },
};

/** The same as JSON of the same size as the gateway's answer. */
export const replyJson = JSON.stringify({
  conversationId: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5b',
  turnId: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a',
  message: {
    seq: 2,
    role: 'bot',
    kind: 'faq',
    text,
    sources: [
      { id: '0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5c', title: 'How long does delivery take?', score: 0.91 },
    ],
    createdAt: '2026-11-18T00:00:00Z',
  },
  understanding,
  degraded: false,
  handoff: null,
  timings: { understandMs: 3, totalMs: 9 },
});
