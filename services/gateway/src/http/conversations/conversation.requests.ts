/** What may be asked of a conversation. */
import { z } from 'zod';
import { bot, limit, line, locale, prose } from '../schemas.js';

export const newConversation = z.strictObject({
  bot: bot.optional(),
  channel: line(64).optional(),
  locale: locale.optional().describe('Preferred language; as the customer writes, when absent.'),
  customer: z.strictObject({
    id: line(128).describe("The channel's own id of the person."),
    name: line(200).optional(),
    attributes: z
      .record(line(64), prose(500, 0))
      .refine((attributes) => Object.keys(attributes).length <= 32, 'must have at most 32 entries')
      .optional(),
  }),
});

export const newMessage = z.strictObject({
  text: prose(8_000),
  clientMessageId: line(128).optional().describe("The app's own id of the message; makes a retry harmless."),
  attachments: z.array(z.never()).max(0).optional().describe('Must be empty: files cannot be sent yet.'),
});

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const logQuery = z.strictObject({
  after: seq.optional().describe('Messages after this seq.'),
  cursor: seq.optional().describe('`nextCursor` of the page before.'),
  limit: limit(200),
});

export const callForPerson = z
  .strictObject({ note: prose(1_000, 0).optional().describe("What it is about, in the customer's words.") })
  .optional();

export const newRating = z.strictObject({
  rating: z.int().min(1).max(5),
  comment: prose(2_000, 0).optional(),
  messageSeq: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('Absent: the conversation.'),
});

export type NewConversation = z.output<typeof newConversation>;
export type NewMessage = z.output<typeof newMessage>;
export type LogQuery = z.output<typeof logQuery>;
export type CallForPerson = z.output<typeof callForPerson>;
export type NewRating = z.output<typeof newRating>;
