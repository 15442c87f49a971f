/**
 * OpenAI's chat completions, so that any client of theirs can talk to a bot: `model` is the bot, `user` the customer.
 * The conversation is kept here, not in `messages`: the header X-Conversation-Id of an answer continues it.
 */
import { hash } from 'node:crypto';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { DialogueService, type ConverseResponse } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { Customers } from '../../rpc/customers.js';
import { brokenOff, replyIn, superseded } from '../conversations/turn-events.js';
import { EventStream } from '../event-stream.js';
import { Faults } from '../faults.js';
import { openAiError, problemOf } from '../problem.js';
import { Route } from '../route.js';
import { line, prose } from '../schemas.js';
import * as json from './completion.json.js';

const tag = 'OpenAI format';
const conversationHeader = 'x-conversation-id';
const conversationId = line(128)
  .regex(/^[\w.:@+=-]+$/)
  .optional();
const words = prose(8_000);

@Controller()
export class OpenAiController {
  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    private readonly customers: Customers,
    private readonly faults: Faults,
    private readonly config: GatewayConfig,
  ) {}

  @Route('POST', '/v1/chat/completions', {
    tag,
    summary: 'Talk to a bot.',
    allow: ['channel'],
    headers: { [conversationHeader]: 'Conversation to go on with; absent: a new one.' },
    body: json.completionRequest,
    answer: json.completionSchema,
    events: ['data'],
    patience: 'turn',
    replays: true,
    problems: 'openai',
  })
  async complete(
    @Body() body: json.CompletionRequest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const said = words.safeParse(json.lastWords(body));
    if (!said.success) {
      const message = 'the last message must be a user\u2019s, of 1 to 8,000 characters';
      throw new AppError('invalid_argument', `messages: ${message}.`, {
        fields: [{ field: 'messages', message }],
      });
    }
    const conversation = await this.conversationOf(body, request);
    reply.header(conversationHeader, conversation);
    const message = {
      conversationId: conversation,
      text: said.data,
      clientMessageId: repeated(request, 'message') ?? '',
    };
    if (body.stream) return this.stream(request, reply, this.dialogue.converse(message), body.model);
    const timeoutMs = this.config.TURN_DEADLINE_MS;
    reply.send(json.completionOf(replyIn(await this.dialogue.ask(message, { timeoutMs })), body.model));
  }

  @Route('GET', '/v1/models', {
    tag,
    summary: 'List the bots that can be talked to.',
    allow: ['channel'],
    answer: json.modelList,
  })
  async models(): Promise<z.input<typeof json.modelList>> {
    const { bots } = await this.dialogue.listBots({});
    const data = bots.map(({ name }) => ({
      id: name,
      object: 'model' as const,
      created: 0,
      owned_by: 'frontdesk',
    }));
    return { object: 'list', data };
  }

  /** The conversation of the header, or a new one; the same new one for the same Idempotency-Key. */
  private async conversationOf(body: json.CompletionRequest, request: FastifyRequest): Promise<string> {
    const { visit, headers } = request;
    const given = conversationId.safeParse(headers[conversationHeader]);
    if (!given.success) throw new AppError('not_found', 'There is no such conversation.');
    if (given.data !== undefined) {
      await this.customers.countMessage(visit, given.data);
      return given.data;
    }
    const id = body.user ?? visit.known.principal.id;
    await this.customers.count(visit, id);
    const { conversation } = await this.dialogue.openConversation({
      conversationId: repeated(request, 'conversation') ?? '',
      bot: body.model,
      channel: 'openai',
      customer: { id },
    });
    this.customers.remember(visit.known, conversation!);
    return conversation!.id;
  }

  private async stream(
    request: FastifyRequest,
    reply: FastifyReply,
    turn: AsyncIterable<ConverseResponse>,
    model: string,
  ): Promise<void> {
    const chunks = completionChunks(turn, model);
    let next = await chunks.next();
    const stream = EventStream.open(reply);
    try {
      while (!next.done) {
        const behind = stream.sendData(next.value);
        if (behind) await behind;
        next = await chunks.next();
      }
      void stream.sendData('[DONE]');
    } catch (error) {
      const told = problemOf(error, request.url);
      this.faults.report(told);
      void stream.sendData(JSON.stringify({ error: openAiError(told.problem) }));
    }
    stream.end();
  }
}

async function* completionChunks(
  turn: AsyncIterable<ConverseResponse>,
  model: string,
): AsyncGenerator<string, void> {
  let turnId = '';
  let spoken = false;
  let ended = false;
  for await (const { event } of turn) {
    switch (event.case) {
      case 'accepted':
        turnId = event.value.turnId;
        yield json.chunkOf(turnId, model, { role: 'assistant', content: '' });
        break;
      case 'token':
        spoken = true;
        yield json.chunkOf(turnId, model, { content: event.value.text });
        break;
      case 'replied':
        // A canned answer comes whole.
        if (!spoken && event.value.message)
          yield json.chunkOf(turnId, model, { content: event.value.message.text });
        yield json.chunkOf(turnId, model, {}, true);
        ended = true;
        break;
      case 'superseded':
        throw superseded();
    }
  }
  if (!ended) throw brokenOff();
}

/** An id that the same request gets again: of a UUID's form, from caller and Idempotency-Key. */
function repeated({ headers, visit }: FastifyRequest, purpose: string): string | undefined {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  const digest = hash('sha256', JSON.stringify([purpose, visit.known.principal.id, key]));
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
