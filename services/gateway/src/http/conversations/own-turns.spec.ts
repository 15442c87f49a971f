import type { MessageJson } from './conversation.json.js';
import { OwnTurns } from './own-turns.js';

const question: MessageJson = {
  seq: 1,
  role: 'customer',
  text: 'where?',
  createdAt: '',
  turnId: 't1',
  clientMessageId: 'm1',
};
const answer: MessageJson = { seq: 2, role: 'bot', text: 'here', createdAt: '', turnId: 't1' };

describe('of a reply that comes twice', () => {
  it.each(['the watch', 'the turn'])('one is shown when %s is first', (first) => {
    const own = new OwnTurns();
    own.begin('m1');
    expect(own.shows(question)).toBe(false);
    if (first === 'the turn') own.told('m1');
    expect(own.shows(answer)).toBe(false);
    if (first === 'the watch') own.told('m1');
    expect(own.shows({ ...answer, seq: 4, turnId: 't2' })).toBe(true);
  });

  it('the one in the log is shown when the turn broke off', () => {
    const held = new OwnTurns();
    held.begin('m1');
    held.shows(question);
    held.shows(answer);
    expect(held.failed('m1')).toEqual(answer);

    const later = new OwnTurns();
    later.begin('m1');
    later.shows(question);
    expect(later.failed('m1')).toBeUndefined();
    expect(later.shows(answer)).toBe(true);
  });

  it('those of others, of people and of the mesh are always shown', () => {
    const own = new OwnTurns();
    own.begin('m1');
    own.shows(question);
    for (const message of [
      { ...question, clientMessageId: 'm2' },
      { ...answer, turnId: 't9' },
      { seq: 5, role: 'agent', text: 'hi', createdAt: '' },
      { seq: 6, role: 'system', text: 'A person joined.', createdAt: '' },
    ] as MessageJson[])
      expect(own.shows(message)).toBe(true);
  });
});
