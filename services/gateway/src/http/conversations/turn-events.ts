/** A turn as the outside sees it: as events in a fixed order, or as the one reply at its end. */
import { AppError } from '@frontdesk/core';
import type { AskResponse, ConverseResponse } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import type { StreamEvent } from '../event-stream.js';
import { understandingOf } from '../understanding.json.js';
import { replyOf, ticketOf, type ReplyJson } from './conversation.json.js';

export const turnEventNames = [
  'turn',
  'understanding',
  'token',
  'message',
  'handoff',
  'error',
  'done',
] as const;

/**
 * `turn`, `understanding`, `token`*, `message`, `handoff`. Ids are positions in the log: `<seq>` for a logged message,
 * `<seq of the question>.<n>` in between, so that a watch can go on after any of them. Throws what ended the turn.
 */
export async function* turnEvents(turn: AsyncIterable<ConverseResponse>): AsyncGenerator<StreamEvent, void> {
  let seq = '0';
  let step = 0;
  let ended = false;
  const between = (): string => `${seq}.${(step += 1)}`;
  for await (const { event } of turn) {
    switch (event.case) {
      case 'accepted': {
        const { turnId, messageSeq, replayed } = event.value;
        seq = String(messageSeq);
        yield { type: 'turn', id: seq, data: { turnId, messageSeq: Number(messageSeq), replayed } };
        break;
      }
      case 'understood':
        yield { type: 'understanding', id: between(), data: understandingOf(event.value) };
        break;
      case 'token':
        yield { type: 'token', id: between(), data: { text: event.value.text } };
        break;
      case 'replied': {
        const { message, handoff } = event.value;
        if (message) {
          seq = String(message.seq);
          step = 0;
          yield { type: 'message', id: seq, data: replyOf(event.value) };
        }
        if (handoff) yield { type: 'handoff', id: between(), data: ticketOf(handoff) };
        ended = true;
        break;
      }
      case 'superseded':
        throw superseded();
    }
  }
  if (!ended) throw brokenOff();
}

/** The reply at the end of a turn. */
export function replyIn({ outcome }: AskResponse): ReplyJson {
  if (outcome.case === 'superseded') throw superseded();
  if (outcome.case !== 'replied') throw brokenOff();
  return replyOf(outcome.value);
}

export function superseded(): AppError {
  return new AppError('aborted', 'A newer message of the customer took the place of this one.');
}

export function brokenOff(): AppError {
  return new AppError('unavailable', 'The answer broke off: send the message again under the same id.');
}
