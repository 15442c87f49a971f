/** A conversation over one WebSocket: what is sent in starts turns, what comes out are their events and the watch. */
import { Controller, Query, Req, Res } from '@nestjs/common';
import { DialogueService } from '@frontdesk/contracts/dialogue/v1/dialogue_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Access } from '../../access/access.js';
import { GatewayConfig } from '../../config.js';
import { RequestLimits, tooMuch } from '../../limits/request-limits.js';
import { Customers, type Speaker } from '../../rpc/customers.js';
import { Follow } from '../../rpc/follow.js';
import { credentialOf } from '../credential-header.js';
import type { StreamEvent } from '../event-stream.js';
import { Faults } from '../faults.js';
import { LiveStreams } from '../live-streams.js';
import { Route } from '../route.js';
import { line } from '../schemas.js';
import { upgrade } from '../upgrade.js';
import { ConversationSocket, type SocketWork } from './conversation-socket.js';
import { turnEventNames, turnEvents } from './turn-events.js';
import { watchEventOf } from './watch-events.js';

const query = z.strictObject({
  conversation: line(128).describe('Id of the conversation.'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Messages after this seq; absent: from the start.'),
});

@Controller()
export class SocketController {
  constructor(
    @InjectRpc(DialogueService) private readonly dialogue: RpcClient<typeof DialogueService>,
    private readonly access: Access,
    private readonly customers: Customers,
    private readonly limits: RequestLimits,
    private readonly follow: Follow,
    private readonly live: LiveStreams,
    private readonly faults: Faults,
    private readonly config: GatewayConfig,
  ) {}

  @Route('GET', '/v1/ws', {
    tag: 'Conversations',
    summary: 'A WebSocket: messages in, the events of turns and of the watch out.',
    allow: ['channel'],
    headers: { 'sec-websocket-protocol': 'For browsers: frontdesk.v1, bearer.<key>' },
    query,
    events: [...turnEventNames, 'typing'],
    status: 101,
    patience: 'watch',
  })
  async open(
    @Query() { conversation, after = 0 }: z.output<typeof query>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.live.assertOpen();
    request.visit.conversationId = conversation;
    await this.customers.conversation(request.visit.known, conversation);
    const socket = new ConversationSocket(
      await upgrade(request, reply),
      credentialOf(request.headers),
      this.workOn(conversation, after, request),
    );
    const over = this.live.add(socket);
    await socket.run().finally(over);
  }

  private workOn(conversationId: string, after: number, request: FastifyRequest): SocketWork {
    return {
      admit: async () => {
        const speaker = await this.admit(request);
        return {
          turn: (message) => this.turn(speaker, { conversationId, ...message }),
          typing: async () => void (await this.dialogue.signalTyping({ conversationId })),
        };
      },
      watch: (signal) => this.watch(conversationId, after, signal),
      report: (told) => this.faults.report(told),
    };
  }

  /** Every frame is let in anew: keys end and limits are reached while a socket is open. */
  private async admit(request: FastifyRequest): Promise<Speaker> {
    const known = await this.access.identify(credentialOf(request.headers));
    const { language } = request.visit;
    const rate = await this.limits.ofTenant(known);
    if (!rate.allowed) throw tooMuch(rate, language);
    return { known, language, count: () => undefined };
  }

  private async *turn(
    speaker: Speaker,
    message: { conversationId: string; text: string; clientMessageId: string },
  ): AsyncGenerator<StreamEvent, void> {
    await this.customers.countMessage(speaker, message.conversationId);
    yield* turnEvents(this.dialogue.converse(message, { timeoutMs: this.config.TURN_DEADLINE_MS }));
  }

  private async *watch(id: string, after: number, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    for await (const event of this.follow.conversation(id, after, signal)) yield watchEventOf(event);
  }
}
