/**
 * Messages which ask for two things: "cancel my order and tell me how to return the other one". A message is cut where
 * clauses end and where words join two requests; each part is read by itself, and only parts which are clearly about
 * different intents count.
 */
import type { Label } from '../intent/intent-model.js';
import { OUT_OF_SCOPE } from '../intent/out-of-scope.js';

export interface Clause {
  readonly text: string;
  /** UTF-16 offsets in the message. */
  readonly start: number;
  readonly end: number;
}

export interface Request {
  readonly intent: Label;
  readonly start: number;
  readonly end: number;
}

const BOUNDARY =
  /[，。！？；、,.!?;\n]+|(?:(?<=\s)(?:and|also|then|plus|as well as)(?=\s)\s*)+|(?:另外|还有|顺便|以及|并且|而且|同时|然后)(?!有)/giu;
/** Less than this says too little to ask for anything: three Chinese characters, or two words. */
const LEAST_HAN = 3;
const LEAST_WORDS = 2;
const MOST_CLAUSES = 6;
const READ_AT_MOST = 500;
/** A part must be this clear to count. */
const CLEAR = 0.6;

/** The parts of a message which may each ask for something; none for a message of one part. */
export function clausesOf(message: string): Clause[] {
  const text = message.slice(0, READ_AT_MOST);
  const clauses: Clause[] = [];
  let start = 0;
  for (const match of [...text.matchAll(BOUNDARY), undefined]) {
    const end = match?.index ?? text.length;
    const part = text.slice(start, end);
    const trimmed = part.trim();
    const from = start + part.indexOf(trimmed);
    if (saysSomething(trimmed)) clauses.push({ text: trimmed, start: from, end: from + trimmed.length });
    start = match ? match.index + match[0].length : end;
  }
  return clauses.length > 1 ? clauses.slice(0, MOST_CLAUSES) : [];
}

/** What the clauses ask for, when that is more than one thing. `readings[i]` is the intent of clause i. */
export function requestsOf(clauses: readonly Clause[], readings: readonly Label[]): Request[] {
  const requests: Request[] = [];
  clauses.forEach(({ start, end }, i) => {
    const intent = readings[i]!;
    if (intent.name === OUT_OF_SCOPE || intent.confidence < CLEAR) return;
    const last = requests.at(-1);
    // A request may run over several clauses.
    if (last?.intent.name === intent.name) requests[requests.length - 1] = { ...last, end };
    else if (!requests.some((other) => other.intent.name === intent.name))
      requests.push({ intent, start, end });
  });
  return requests.length > 1 ? requests : [];
}

function saysSomething(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[\p{L}\p{N}']+/gu)?.length ?? 0;
  return han >= LEAST_HAN || (han === 0 && words >= LEAST_WORDS);
}
