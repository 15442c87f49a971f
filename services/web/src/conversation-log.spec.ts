import {
  arrived,
  emptyLog,
  ended,
  failed,
  handedOff,
  lastSeq,
  said,
  token,
  type ConversationLog,
  type LoggedMessage,
} from './conversation-log.js';

const at = '2026-11-02T08:00:00Z';
const message = (
  seq: number,
  role: LoggedMessage['role'],
  text: string,
  more: Partial<LoggedMessage> = {},
) => ({
  seq,
  role,
  text,
  createdAt: at,
  ...more,
});
const shown = (log: ConversationLog) =>
  log.entries.map(({ role, text, state }) => `${role} ${text} ${state}`);

describe('a turn', () => {
  it('shows the question at once, then the answer as it streams, then the logged answer', () => {
    let log = said(emptyLog, 'c1', 'where?', at);
    expect(shown(log)).toEqual(['customer where? sending', 'bot  streaming']);
    log = token(token(log, 'c1', 'On ', at), 'c1', 'its way', at);
    expect(shown(log)).toEqual(['customer where? sending', 'bot On its way streaming']);
    log = ended(arrived(log, message(2, 'bot', 'On its way.'), 'c1'), 'c1');
    expect(shown(log)).toEqual(['customer where? logged', 'bot On its way. logged']);
  });

  it('shows each message once, whichever way and in whichever order it comes', () => {
    const question = message(1, 'customer', 'where?', { clientMessageId: 'c1' });
    const answer = message(2, 'bot', 'There.');
    const ways: ((log: ConversationLog) => ConversationLog)[] = [
      (log) => arrived(log, answer, 'c1'),
      (log) => arrived(log, question),
      (log) => arrived(log, answer),
    ];
    const orders = [
      [0, 1, 2],
      [1, 0, 2],
      [1, 2, 0],
    ]; // the watch keeps its own order
    for (const order of orders) {
      let log = token(said(emptyLog, 'c1', 'where?', at), 'c1', 'The', at);
      for (const way of order) log = ways[way]!(log);
      expect(shown(ended(log, 'c1'))).toEqual(['customer where? logged', 'bot There. logged']);
      expect(log.entries.map(({ key }) => key)).toEqual(['c1', 'seq:2']);
    }
  });

  it('ignores tokens after the answer came through the watch', () => {
    let log = arrived(said(emptyLog, 'c1', 'where?', at), message(1, 'customer', 'where?'));
    log = token(arrived(log, message(2, 'bot', 'There.')), 'c1', 'There', at);
    expect(shown(log)).toEqual(['customer where? logged', 'bot There. logged']);
  });

  it('gives up the running answer when the customer writes again', () => {
    let log = token(said(emptyLog, 'c1', 'one', at), 'c1', 'half', at);
    log = token(said(log, 'c2', 'two', at), 'c1', ' of it', at);
    log = failed(log, 'c1', { code: 'interrupted' });
    expect(shown(log)).toEqual(['customer one logged', 'customer two sending', 'bot  streaming']);
  });

  it('does not take the late answer to an earlier question for the awaited one', () => {
    let log = arrived(said(emptyLog, 'c1', 'one', at), message(1, 'customer', 'one'));
    log = said(failed(log, 'c1', { code: 'interrupted' }), 'c2', 'two', at);
    log = arrived(log, message(2, 'bot', 'first answer'));
    expect(shown(log)).toEqual([
      'customer one logged',
      'bot first answer logged',
      'customer two sending',
      'bot  streaming',
    ]);
  });

  it('keeps an entry the same value when the same message comes again with nothing new', () => {
    const log = arrived(emptyLog, message(1, 'bot', 'hi'));
    expect(arrived(log, message(1, 'bot', 'hi')).entries[0]).toBe(log.entries[0]);
    const richer = arrived(log, message(1, 'bot', 'hi', { kind: 'faq', degraded: true }));
    expect(richer.entries[0]).toMatchObject({ kind: 'faq', degraded: true });
  });
});

describe('a failure', () => {
  const broken = failed(token(said(emptyLog, 'c1', 'where?', at), 'c1', 'Th', at), 'c1', {
    code: 'interrupted',
  });

  it('marks the question, drops the half answer, and sends the same entry again', () => {
    expect(shown(broken)).toEqual(['customer where? failed']);
    const again = said(broken, 'c1', 'where?', at);
    expect(shown(again)).toEqual(['customer where? sending', 'bot  streaming']);
    expect(again.entries[0]!.failure).toBeUndefined();
  });

  it('is forgotten when the answer comes through the watch after all', () => {
    const log = arrived(
      arrived(broken, message(1, 'customer', 'where?', { clientMessageId: 'c1' })),
      message(2, 'bot', 'There.'),
    );
    expect(shown(log)).toEqual(['customer where? logged', 'bot There. logged']);
  });

  it('is none when the answer was already there', () => {
    let log = arrived(said(emptyLog, 'c1', 'where?', at), message(1, 'customer', 'where?'));
    log = failed(arrived(log, message(2, 'bot', 'There.')), 'c1', { code: 'interrupted' });
    expect(shown(log)).toEqual(['customer where? logged', 'bot There. logged']);
  });

  it('stays with a message that was never received, although a newer one was answered', () => {
    let log = said(failed(said(emptyLog, 'c1', 'one', at), 'c1', { code: 'unreachable' }), 'c2', 'two', at);
    log = arrived(log, message(2, 'bot', 'answer to two'), 'c2');
    expect(log.entries.find(({ key }) => key === 'c1')?.state).toBe('failed');
  });
});

describe('the log', () => {
  it('keeps messages from elsewhere in order of seq, and knows the last one', () => {
    const log = [message(3, 'agent', 'c'), message(1, 'customer', 'a'), message(2, 'bot', 'b')].reduce(
      (sofar, next) => arrived(sofar, next),
      emptyLog,
    );
    expect(shown(log)).toEqual(['customer a logged', 'bot b logged', 'agent c logged']);
    expect(lastSeq(log)).toBe(3);
    expect(lastSeq(emptyLog)).toBe(0);
  });

  it('shows a replayed message once', () => {
    const once = arrived(emptyLog, message(1, 'customer', 'a'));
    expect(shown(arrived(once, message(1, 'customer', 'a')))).toEqual(['customer a logged']);
  });

  it('shows two equal texts of the customer as two messages', () => {
    let log = ended(arrived(said(emptyLog, 'c1', 'hello', at), message(2, 'bot', 'Hi'), 'c1'), 'c1');
    log = arrived(log, message(1, 'customer', 'hello'));
    log = arrived(log, message(3, 'customer', 'hello'));
    expect(log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('a handoff', () => {
  it('is waited for, becomes active with the first word of a person, and ends when the bot speaks again', () => {
    let log = arrived(emptyLog, message(1, 'bot', 'I call someone.', { kind: 'handoff' }));
    expect(log.handoff).toEqual({ status: 'waiting' });
    log = handedOff(log, { status: 'waiting', position: 2 });
    log = arrived(log, message(2, 'bot', 'Meanwhile: …'));
    expect(log.handoff).toEqual({ status: 'waiting', position: 2 });
    log = arrived(log, message(3, 'agent', 'Hello'));
    expect(log.handoff).toEqual({ status: 'active' });
    expect(shown(said(log, 'c1', 'hi', at)).at(-1)).toBe('customer hi sending');
    log = arrived(log, message(4, 'bot', 'I am back.'));
    expect(log.handoff).toEqual({ status: 'closed' });
    expect(said(log, 'c2', 'ok', at).handoff).toBeUndefined();
  });
});
