import { freshMemory, type Conversation } from './conversation.js';
import { endedTicket, headAfter, newTicket, type HandoffChange } from './handoff-change.js';

const ticket = { ...newTicket('no_answer', 2), id: 'h1', revision: 3 };
const memory = {
  ...freshMemory,
  failedTurns: 2,
  awaiting: 'order_number',
  language: 'zh',
  feelings: [-0.9, -0.8],
  turnsSinceSoothed: 1,
} as const;
const waiting: Pick<Conversation, 'status' | 'handoff' | 'memory'> = {
  status: 'waiting',
  handoff: ticket,
  memory,
};
const facts = { handoffId: 'h1', revision: 4, announcement: '' };
const accepted = { ...facts, state: 'accepted', agentId: 'g1', agentName: 'Ann' } as const;

describe('the head after a change of the handoff', () => {
  it.each<[string, HandoffChange, object]>([
    [
      'queued',
      { ...facts, state: 'queued', position: 5 },
      {
        status: 'waiting',
        raiseFence: false,
        handoff: { state: 'waiting', position: 5, agentId: '' },
        memory,
      },
    ],
    [
      'accepted',
      accepted,
      {
        status: 'with_agent',
        raiseFence: true,
        handoff: { state: 'active', position: 0, agentId: 'g1', agentName: 'Ann' },
        memory,
      },
    ],
    [
      'returned',
      { ...facts, state: 'returned' },
      {
        status: 'open',
        handoff: { state: 'returned', position: 0 },
        memory: { ...freshMemory, language: 'zh' },
      },
    ],
    [
      'closed',
      { ...facts, state: 'closed' },
      { status: 'closed', raiseFence: true, handoff: { state: 'closed' } },
    ],
  ])('%s', (_, what, expected) => {
    const head = headAfter(waiting, what);
    expect(head).toMatchObject(expected);
    expect(head!.handoff).toMatchObject({ id: 'h1', reason: 'no_answer', revision: 4 });
  });

  it.each<[string, Pick<Conversation, 'status' | 'handoff' | 'memory'>, HandoffChange]>([
    ['of a closed conversation', { ...waiting, status: 'closed' }, accepted],
    ['of no handoff', { ...waiting, handoff: null }, accepted],
    ['of another handoff', waiting, { ...accepted, handoffId: 'h2' }],
    ['that is known', waiting, { ...accepted, revision: 3 }],
    ['that is older than what is known', waiting, { ...accepted, revision: 2 }],
  ])('is the same after a change %s', (_, head, what) => {
    expect(headAfter(head, what)).toBeUndefined();
  });
});

describe('the ticket of a conversation that has ended', () => {
  it('is closed, unless the handoff was over before', () => {
    expect(endedTicket(ticket)).toMatchObject({ state: 'closed', position: 0 });
    expect(endedTicket({ ...ticket, state: 'active' }).state).toBe('closed');
    expect(endedTicket({ ...ticket, state: 'returned' }).state).toBe('returned');
  });
});
