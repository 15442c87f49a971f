/** What customers and agents say. The hot path of the gateway: one call in, one out. */
import { hash } from 'node:crypto';
import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { Customers } from '../../rpc/customers.js';
import { Route } from '../route.js';
import { Streams } from '../streams.js';
import { messageOf, messageSchema, replySchema } from './conversation.json.js';
import { newMessage, type NewMessage } from './conversation.requests.js';
import { replyIn, turnEventNames, turnEvents } from './turn-events.js';

const agentReply = z
  .strictObject({ conversationId: z.string(), message: messageSchema })
  .meta({ id: 'AgentReply' });

@Controller()
export class MessageController {
  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    private readonly customers: Customers,
    private readonly streams: Streams,
    private readonly config: GatewayConfig,
  ) {}

  @Route('POST', '/v1/conversations/:id/messages', {
    tag: 'Conversations',
    summary: "Say something: a customer's message starts a turn, an agent's is delivered.",
    allow: ['channel', 'agent'],
    body: newMessage,
    answer: z.union([replySchema, agentReply]),
    events: turnEventNames,
    patience: 'turn',
    replays: true,
  })
  async send(
    @Param('id') conversationId: string,
    @Body() { text, clientMessageId }: NewMessage,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { visit, headers } = request;
    const message = { conversationId, text, clientMessageId: clientMessageId ?? repeatedAs(headers) };
    if (visit.known.principal.kind === 'agent') {
      const logged = await this.dialogue.postAgentMessage(message);
      return void reply.send({ conversationId, message: messageOf(logged.message!) });
    }
    await this.customers.countMessage(visit, conversationId);
    if (headers.accept?.includes('text/event-stream'))
      return this.streams.turn(request, reply, turnEvents(this.dialogue.converse(message)));
    const timeoutMs = this.config.TURN_DEADLINE_MS;
    reply.send(replyIn(await this.dialogue.ask(message, { timeoutMs })));
  }
}

/** A message without an id of its own is known by its Idempotency-Key, so that a retry replays its turn. */
function repeatedAs(headers: FastifyRequest['headers']): string {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? `key:${hash('sha256', key, 'base64url')}` : '';
}
