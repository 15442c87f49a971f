/**
 * An engine that reads its lines from a file: for tests, benchmarks and demonstrations without a model. It can also
 * fail in every way a real one does.
 *
 *     replies:
 *       - match: heavy          # regular expression on the last message; the first that matches answers
 *         text: It weighs 540 g.
 *       - match: .*
 *         fail: stall           # refuse | hang | stall | rate_limit | garbage | break_off
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@frontdesk/core';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Engine, Piece, Prompt } from './engine.js';

const scriptSchema = z.strictObject({
  replies: z
    .array(
      z.strictObject({
        match: z.string(),
        text: z.string().default('This answer was cut short.'),
        fail: z.enum(['refuse', 'hang', 'stall', 'rate_limit', 'garbage', 'break_off']).optional(),
        firstTokenMs: z.number().min(0).default(0),
        tokenMs: z.number().min(0).default(0),
      }),
    )
    .min(1),
});

type ScriptedReply = z.output<typeof scriptSchema>['replies'][number];

export class ScriptedEngine implements Engine {
  readonly name = 'scripted';
  private readonly replies: readonly (ScriptedReply & { readonly pattern: RegExp })[];

  constructor(file: string) {
    const script = scriptSchema.parse(parse(readFileSync(file, 'utf8')));
    this.replies = script.replies.map((reply) => ({ ...reply, pattern: new RegExp(reply.match, 'iu') }));
  }

  model(): string {
    return 'scripted';
  }

  async *generate(prompt: Prompt, signal: AbortSignal): AsyncGenerator<Piece> {
    const asked = prompt.messages.at(-1)?.text ?? '';
    const reply = this.replies.find(({ pattern }) => pattern.test(asked));
    if (!reply) throw new AppError('unavailable', 'The script has no line for this.');
    if (reply.fail === 'refuse') throw new AppError('unavailable', 'The engine cannot be reached.');
    if (reply.fail === 'rate_limit') throw new AppError('resource_exhausted', 'The engine answered 429.');
    if (reply.fail === 'garbage')
      throw new AppError('data_loss', 'The engine sent something that is no answer.');
    if (reply.fail === 'hang') await forEver(signal);
    if (reply.firstTokenMs > 0) await sleep(reply.firstTokenMs, undefined, { signal });

    const tokens = reply.text.match(/\p{Script=Han}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? [];
    const shown = reply.fail ? tokens.slice(0, Math.ceil(tokens.length / 2)) : tokens;
    for (const text of shown) {
      yield { type: 'token', text };
      if (reply.tokenMs > 0) await sleep(reply.tokenMs, undefined, { signal });
    }
    if (reply.fail === 'stall') await forEver(signal);
    if (reply.fail === 'break_off')
      throw new AppError('unavailable', 'The engine broke off in the middle of an answer.');
    yield { type: 'finished', reason: 'stop', promptTokens: 0, completionTokens: tokens.length };
  }
}

function forEver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
