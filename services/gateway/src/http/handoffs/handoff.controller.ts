/** The agent's desk: whether an agent can help, who waits, and who has whom. The agent is the caller. */
import { Body, Controller, Param, Query, Req, Res } from '@nestjs/common';
import { HandoffState } from '@frontdesk/contracts/common/v1/conversation';
import { HandoffService, type Handoff } from '@frontdesk/contracts/handoff/v1/handoff_service';
import { InjectRpc, type RpcClient } from '@frontdesk/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Follow } from '../../rpc/follow.js';
import type { StreamEvent } from '../event-stream.js';
import { Route } from '../route.js';
import { cursor, limit, line, locale, nextCursor, nothing, prose } from '../schemas.js';
import { Streams } from '../streams.js';
import * as json from './handoff.json.js';

const tag = 'Handoff';
const allow = ['agent'] as const;

const newStatus = z.strictObject({
  status: z.enum(json.agentStatuses),
  skills: z.array(line(64)).max(64).optional().describe('Empty: everything.'),
  languages: z.array(locale).max(32).optional().describe('Empty: every language.'),
  capacity: z.int().min(1).max(50).optional().describe('Conversations at a time; 3 when absent.'),
  name: line(100).optional().describe('Shown to customers.'),
});
const listQuery = z.strictObject({ status: z.enum(['waiting', 'active']), limit: limit(200), cursor });
const handoffList = z.strictObject({ handoffs: z.array(json.handoffSchema), nextCursor });
const transfer = z.strictObject({ skill: line(64).optional(), note: prose(1_000, 0).optional() }).optional();
const handBack = z.strictObject({ note: prose(1_000, 0).optional() }).optional();

const states = { waiting: HandoffState.WAITING, active: HandoffState.ACTIVE } as const;
const one = { tag, allow, answer: json.handoffSchema } as const;

@Controller()
export class HandoffController {
  constructor(
    @InjectRpc(HandoffService) private readonly desk: RpcClient<typeof HandoffService>,
    private readonly follow: Follow,
    private readonly streams: Streams,
  ) {}

  @Route('PUT', '/v1/agents/me/status', {
    tag,
    summary: 'Say what you can take now.',
    allow,
    body: newStatus,
    answer: json.agentSchema,
  })
  async setStatus(@Body() { status, ...wish }: z.output<typeof newStatus>): Promise<json.AgentJson> {
    const { agent } = await this.desk.setAgentStatus({ ...wish, status: json.toAgentStatus[status] });
    return json.agentOf(agent!);
  }

  @Route('GET', '/v1/agents/events', {
    tag,
    summary: 'Watch your desk: offers, changes, and what your customers write.',
    allow,
    events: json.deskEventNames,
    patience: 'watch',
  })
  async watch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.streams.watch(request, reply, (signal) => this.events(signal));
  }

  @Route('GET', '/v1/handoffs', {
    tag,
    summary: 'List who waits, or whom you have.',
    allow,
    query: listQuery,
    answer: handoffList,
  })
  async list(@Query() query: z.output<typeof listQuery>): Promise<z.input<typeof handoffList>> {
    const { status, limit = 0, cursor = '' } = query;
    const page = await this.desk.listHandoffs({ state: states[status], limit, cursor });
    return { handoffs: page.handoffs.map(json.handoffOf), nextCursor: page.nextCursor || null };
  }

  @Route('POST', '/v1/handoffs/:id/accept', { ...one, summary: 'Take who waits.', body: nothing })
  async accept(@Param('id') id: string): Promise<json.HandoffJson> {
    return answer(await this.desk.accept({ id }));
  }

  @Route('POST', '/v1/handoffs/:id/transfer', {
    ...one,
    summary: 'Pass on to another agent.',
    body: transfer,
  })
  async transfer(
    @Param('id') id: string,
    @Body() body: z.output<typeof transfer>,
  ): Promise<json.HandoffJson> {
    return answer(await this.desk.transfer({ id, ...body }));
  }

  @Route('POST', '/v1/handoffs/:id/return', { ...one, summary: 'Give back to the bot.', body: handBack })
  async return(@Param('id') id: string, @Body() body: z.output<typeof handBack>): Promise<json.HandoffJson> {
    return answer(await this.desk.return({ id, ...body }));
  }

  @Route('POST', '/v1/handoffs/:id/close', {
    ...one,
    summary: 'End it, and the conversation with it.',
    body: nothing,
  })
  async close(@Param('id') id: string): Promise<json.HandoffJson> {
    return answer(await this.desk.close({ id }));
  }

  private async *events(signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    for await (const response of this.follow.desk(signal)) {
      const event = json.deskEventOf(response);
      if (event) yield event;
    }
  }
}

function answer({ handoff }: { handoff?: Handoff }): json.HandoffJson {
  return json.handoffOf(handoff!);
}
