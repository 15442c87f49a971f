/** Chat completions in OpenAI's format, as far as a bot has something to say in it; the rest is ignored. */
import { z } from 'zod';
import type { ReplyJson } from '../conversations/conversation.json.js';
import { bot, line } from '../schemas.js';

const content = z.union([
  z.string().max(100_000),
  z.array(z.looseObject({ type: z.string(), text: z.string().max(100_000).optional() })).max(100),
]);

export const completionRequest = z.object({
  model: bot,
  messages: z
    .array(z.looseObject({ role: z.string(), content: content.nullish() }))
    .min(1)
    .max(2_000)
    .describe('The last one is said; what went before stands in the conversation.'),
  user: line(128).optional().describe('Id of the customer.'),
  stream: z.boolean().nullish(),
});

export const completionSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int().describe('Seconds since the epoch.'),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: z.int(),
        message: z.strictObject({
          role: z.literal('assistant'),
          content: z.string(),
          refusal: z.null(),
        }),
        logprobs: z.null(),
        finish_reason: z.literal('stop'),
      }),
    ),
  })
  .meta({ id: 'ChatCompletion' });

export const modelList = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(
      z.strictObject({
        id: z.string(),
        object: z.literal('model'),
        created: z.int(),
        owned_by: z.string(),
      }),
    ),
  })
  .meta({ id: 'ModelList' });

export type CompletionRequest = z.output<typeof completionRequest>;
export type CompletionJson = z.output<typeof completionSchema>;

/** The words of the last message, if they are a user's. */
export function lastWords({ messages }: CompletionRequest): string | undefined {
  const { role, content } = messages.at(-1)!;
  if (role !== 'user' || !content) return undefined;
  if (typeof content === 'string') return content;
  return content.map(({ text = '' }) => text).join('');
}

export function completionOf(reply: ReplyJson, model: string): CompletionJson {
  return {
    id: completionId(reply.turnId),
    object: 'chat.completion',
    created: nowSeconds(),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.message?.text ?? '', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
  };
}

/** One chunk of a streamed completion. */
export function chunkOf(
  turnId: string,
  model: string,
  delta: { role?: 'assistant'; content?: string },
  finished = false,
): string {
  return JSON.stringify({
    id: completionId(turnId),
    object: 'chat.completion.chunk',
    created: nowSeconds(),
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finished ? 'stop' : null }],
  });
}

function completionId(turnId: string): string {
  return `chatcmpl-${turnId}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
