/**
 * What a page shows of one conversation, as a value that pure functions carry from one event to the next.
 *
 * The same message reaches a page up to three times: as the page's own optimistic entry, in the stream of the
 * turn, and through the watch, in any order. The gateway's `seq` says which is which, and the log shows each once.
 */
import type { Failure } from './failure.js';
import type { Mood, Understanding } from './understanding.js';

export type Role = 'customer' | 'bot' | 'agent' | 'system';

export interface Source {
  readonly id: string;
  readonly title: string;
  /** Relevance, higher is better. */
  readonly score: number;
}

/** A message as the gateway logs it. */
export interface LoggedMessage {
  readonly seq: number;
  readonly role: Role;
  readonly text: string;
  readonly createdAt: string;
  /** How an answer came about: `flow`, `faq`, `generated`, … */
  readonly kind?: string;
  readonly sources?: readonly Source[];
  readonly degraded?: boolean;
  readonly clientMessageId?: string;
}

export interface Handoff {
  readonly status: string;
  /** 1 is next in line. */
  readonly position?: number;
}

export interface Entry extends Omit<LoggedMessage, 'seq'> {
  /** Stays the same while a message goes from optimistic to logged. */
  readonly key: string;
  readonly seq?: number;
  /** Where it stands: its seq, or a guess until that is known. */
  readonly order: number;
  readonly state: 'logged' | 'sending' | 'streaming' | 'failed';
  readonly failure?: Failure;
  /** Of a customer's message, from the stream of its turn; none on messages of an earlier visit. */
  readonly understanding?: Understanding;
}

export interface ConversationLog {
  readonly entries: readonly Entry[];
  /** The client message id whose answer is awaited. */
  readonly turn?: string;
  readonly handoff?: Handoff;
}

export const emptyLog: ConversationLog = { entries: [] };

/** The highest seq shown, 0 for none. */
export function lastSeq(log: ConversationLog): number {
  return Math.max(0, ...log.entries.map(({ seq }) => seq ?? 0));
}

/** Whether a person has the conversation, or is being waited for. */
export function isOpen(handoff: Handoff | undefined): boolean {
  return handoff?.status === 'waiting' || handoff?.status === 'active';
}

/** The customer sent `text`, or sends it again after a failure. A newer message gives up the running answer. */
export function said(log: ConversationLog, turn: string, text: string, createdAt: string): ConversationLog {
  const before = log.turn === undefined ? log : ended(log, log.turn);
  const again = before.entries.find(({ key }) => key === turn);
  const entry: Entry = again
    ? withoutFailure(again, 'sending')
    : { key: turn, role: 'customer', text, createdAt, order: Infinity, state: 'sending' };
  const others = before.entries.filter(({ key }) => key !== turn);
  const awaitsBot = log.handoff?.status !== 'active';
  const entries = [...others, entry, ...(awaitsBot ? [draft(turn, '', createdAt)] : [])];
  return { entries: inOrder(entries), turn, ...(isOpen(log.handoff) ? { handoff: log.handoff } : {}) };
}

/** What the desk understood of the question of `turn`. */
export function understood(
  log: ConversationLog,
  turn: string,
  understanding: Understanding,
): ConversationLog {
  const question = log.entries.find(({ key }) => key === turn);
  return question ? { ...log, entries: replace(log, question, { ...question, understanding }) } : log;
}

/** How the customer has felt up to the newest message that was understood. */
export function moodOf({ entries }: ConversationLog): Mood | undefined {
  return entries.findLast(({ understanding }) => understanding?.mood)?.understanding?.mood;
}

/** A piece of the answer to `turn`. Pieces of an answer that was given up, or is already complete, change nothing. */
export function token(log: ConversationLog, turn: string, text: string, createdAt: string): ConversationLog {
  if (log.turn !== turn) return log;
  const sofar = log.entries.find(({ key }) => key === draftKey(turn));
  const next = draft(turn, (sofar?.text ?? '') + text, sofar?.createdAt ?? createdAt);
  return { ...log, entries: sofar ? replace(log, sofar, next) : [...log.entries, next] };
}

/** A logged message, from the log, the watch, or (then with its `turn`) the stream of an answer. */
export function arrived(log: ConversationLog, message: LoggedMessage, turn?: string): ConversationLog {
  const placed = turn === undefined ? log : placeQuestionBefore(log, turn, message.seq);
  if (message.role === 'customer') return arrivedFromCustomer(placed, message);

  const answered = message.role === 'bot' ? (turn ?? turnAnsweredBy(placed, message.seq)) : undefined;
  const next = answered === undefined ? placed : ended(placed, answered);
  const known = next.entries.find(({ seq }) => seq === message.seq);
  if (known) return { ...next, entries: replace(next, known, enrich(known, message)) };
  const entry: Entry = { ...message, key: `seq:${message.seq}`, order: message.seq, state: 'logged' };
  const earlier = message.role === 'bot' ? forgiveBefore(next, message.seq) : next.entries;
  return { ...next, entries: inOrder([...earlier, entry]), ...handoffAfter(message, next) };
}

/** The turn is over: whatever the answer was, it has arrived. Also right for a turn that a person will answer. */
export function ended(log: ConversationLog, turn: string): ConversationLog {
  const entries = log.entries
    .filter(({ key }) => key !== draftKey(turn))
    .map((entry) =>
      entry.key === turn && entry.state !== 'logged' ? withoutFailure(entry, 'logged') : entry,
    );
  const { turn: current, ...rest } = log;
  return current === undefined || current === turn ? { ...rest, entries } : { ...log, entries };
}

/** The turn failed. It did not really where the answer came another way, or a newer message took its place. */
export function failed(log: ConversationLog, turn: string, failure: Failure): ConversationLog {
  const superseded = log.turn !== turn && failure.code === 'interrupted';
  const over = ended(log, turn);
  const question = over.entries.find(({ key }) => key === turn);
  const answered = over.entries.some(
    ({ role, order }) => role === 'bot' && question && order > question.order,
  );
  if (!question || answered || superseded) return over;
  return { ...over, entries: replace(over, question, { ...question, state: 'failed', failure }) };
}

/** The handoff changed. One that is over stays visible until the customer writes again. */
export function handedOff(log: ConversationLog, handoff: Handoff): ConversationLog {
  return { ...log, handoff };
}

/** A customer's message in the log: the page's own by its id (or, without one, its text), or one from elsewhere. */
function arrivedFromCustomer(log: ConversationLog, message: LoggedMessage): ConversationLog {
  if (log.entries.some(({ seq }) => seq === message.seq)) return log;
  const isOwn = (entry: Entry) =>
    message.clientMessageId === undefined
      ? entry.role === 'customer' && entry.seq === undefined && entry.text === message.text
      : entry.key === message.clientMessageId;
  const own = log.entries.find(isOwn);
  const seen = { seq: message.seq, order: message.seq };
  const entries = own
    ? replace(log, own, { ...own, ...seen })
    : [...log.entries, { ...message, ...seen, key: `seq:${message.seq}`, state: 'logged' as const }];
  return { ...log, entries: inOrder(entries) };
}

/** A person's message means a person has the conversation; the bot speaks again only when they gave it back. */
function handoffAfter({ role, kind }: LoggedMessage, { handoff }: ConversationLog): { handoff?: Handoff } {
  if (role === 'agent') return { handoff: { status: 'active' } };
  if (role === 'bot' && handoff?.status === 'active') return { handoff: { status: 'closed' } };
  if (role === 'bot' && kind === 'handoff' && !isOpen(handoff)) return { handoff: { status: 'waiting' } };
  return {};
}

/** An answer can overtake the seq of its question: then the question stands just before it. */
function placeQuestionBefore(log: ConversationLog, turn: string, seq: number): ConversationLog {
  const question = log.entries.find((entry) => entry.key === turn && entry.seq === undefined);
  return question ? { ...log, entries: replace(log, question, { ...question, order: seq - 0.5 }) } : log;
}

/** The awaited turn, if a message with this seq can be its answer. */
function turnAnsweredBy(log: ConversationLog, seq: number): string | undefined {
  const question = log.entries.find(({ key }) => key === log.turn);
  return question?.seq !== undefined && question.seq < seq ? log.turn : undefined;
}

/** The same message again: takes over only what was not known, so that nothing on the page flickers. */
function enrich(known: Entry, message: LoggedMessage): Entry {
  const news = Object.entries(message).filter(
    ([field, value]) => value !== undefined && known[field as keyof Entry] === undefined,
  );
  return news.length === 0 ? known : { ...known, ...Object.fromEntries(news) };
}

/** An answer shows that what came before it was received, however its own stream ended. */
function forgiveBefore(log: ConversationLog, seq: number): readonly Entry[] {
  return log.entries.map((entry) =>
    entry.state === 'failed' && entry.order < seq ? withoutFailure(entry, 'logged') : entry,
  );
}

function draft(turn: string, text: string, createdAt: string): Entry {
  return { key: draftKey(turn), role: 'bot', text, createdAt, order: Infinity, state: 'streaming' };
}

function draftKey(turn: string): string {
  return `draft:${turn}`;
}

function replace({ entries }: ConversationLog, old: Entry, next: Entry): readonly Entry[] {
  return entries.map((entry) => (entry === old ? next : entry));
}

function withoutFailure({ failure: _old, ...entry }: Entry, state: Entry['state']): Entry {
  return { ...entry, state };
}

function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
}
