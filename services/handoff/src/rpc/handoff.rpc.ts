/** `frontdesk.handoff.v1.HandoffService` on the queue and the desk. The agent is always the caller. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { AppError, currentContext } from '@frontdesk/core';
import { HandoffState, Role } from '@frontdesk/contracts/common/v1/conversation';
import * as wire from '@frontdesk/contracts/handoff/v1/handoff_service';
import { Rpc, type CallContext } from '@frontdesk/rpc';
import { Desk, type DeskEvent } from '../desk/desk.js';
import type { Agent, AgentStatus, Handoff } from '../queue/handoff.js';
import { HandoffQueue } from '../queue/handoff-queue.js';

const { HandoffService } = wire;

const states = {
  waiting: HandoffState.WAITING,
  active: HandoffState.ACTIVE,
  returned: HandoffState.RETURNED,
  closed: HandoffState.CLOSED,
} as const;

const statuses: Readonly<Record<AgentStatus, wire.AgentStatus>> = {
  online: wire.AgentStatus.ONLINE,
  away: wire.AgentStatus.AWAY,
  offline: wire.AgentStatus.OFFLINE,
};

@Controller()
export class HandoffRpc {
  constructor(
    private readonly queue: HandoffQueue,
    private readonly desk: Desk,
  ) {}

  @Rpc(HandoffService.method.setAgentStatus)
  async setAgentStatus(
    request: wire.SetAgentStatusRequest,
  ): Promise<MessageInitShape<typeof wire.SetAgentStatusResponseSchema>> {
    const id = callingAgent();
    const { agent, active } = await this.queue.setAgent({
      id,
      name: request.name,
      status: statusOf(request.status),
      skills: request.skills,
      languages: request.languages,
      capacity: Math.min(request.capacity || 3, 50),
    });
    return { agent: toWireAgent(agent, active) };
  }

  @Rpc(HandoffService.method.previewQueue)
  async previewQueue(
    request: wire.PreviewQueueRequest,
  ): Promise<MessageInitShape<typeof wire.PreviewQueueResponseSchema>> {
    return this.queue.preview(request.skill, request.priority);
  }

  @Rpc(HandoffService.method.listHandoffs)
  async listHandoffs(
    request: wire.ListHandoffsRequest,
  ): Promise<MessageInitShape<typeof wire.ListHandoffsResponseSchema>> {
    const limit = Math.min(request.limit || 50, 200);
    const offset = cursorOf(request.cursor);
    const mine = request.state === HandoffState.ACTIVE;
    const { handoffs, next } = mine
      ? await this.queue.activeOf(callingAgent(), limit, offset)
      : await this.queue.waitingFor(callingAgent(), limit, offset);
    return { handoffs: handoffs.map(toWireHandoff), nextCursor: next === undefined ? '' : String(next) };
  }

  @Rpc(HandoffService.method.getActive)
  async getActive(
    request: wire.GetActiveRequest,
  ): Promise<MessageInitShape<typeof wire.GetActiveResponseSchema>> {
    return { handoff: toWireHandoff(await this.queue.activeIn(request.conversationId)) };
  }

  @Rpc(HandoffService.method.accept)
  async accept(request: wire.AcceptRequest): Promise<MessageInitShape<typeof wire.AcceptResponseSchema>> {
    return { handoff: toWireHandoff(await this.queue.accept(request.id, callingAgent())) };
  }

  @Rpc(HandoffService.method.transfer)
  async transfer(
    request: wire.TransferRequest,
  ): Promise<MessageInitShape<typeof wire.TransferResponseSchema>> {
    return {
      handoff: toWireHandoff(
        await this.queue.transfer(request.id, callingAgent(), request.skill, request.note),
      ),
    };
  }

  @Rpc(HandoffService.method.return)
  async return(request: wire.ReturnRequest): Promise<MessageInitShape<typeof wire.ReturnResponseSchema>> {
    return { handoff: toWireHandoff(await this.queue.giveBack(request.id, callingAgent(), request.note)) };
  }

  @Rpc(HandoffService.method.close)
  async close(request: wire.CloseRequest): Promise<MessageInitShape<typeof wire.CloseResponseSchema>> {
    return { handoff: toWireHandoff(await this.queue.close(request.id, callingAgent())) };
  }

  @Rpc(HandoffService.method.watchAgent)
  async *watchAgent(
    _: wire.WatchAgentRequest,
    call: CallContext,
  ): AsyncGenerator<MessageInitShape<typeof wire.WatchAgentResponseSchema>> {
    for await (const event of this.desk.follow(callingAgent(), call.signal))
      yield { event: toWireEvent(event) };
  }
}

function callingAgent(): string {
  const principal = currentContext()?.principal;
  if (principal?.kind !== 'agent') throw new AppError('permission_denied', 'Only an agent may do this.');
  return principal.id;
}

function statusOf(status: wire.AgentStatus): AgentStatus {
  const known = (Object.keys(statuses) as AgentStatus[]).find((name) => statuses[name] === status);
  if (!known)
    throw new AppError('invalid_argument', 'A status is online, away or offline.', {
      fields: [{ field: 'status', message: 'is missing' }],
    });
  return known;
}

function cursorOf(cursor: string): number {
  if (cursor === '') return 0;
  if (!/^\d{1,9}$/.test(cursor))
    throw new AppError('invalid_argument', 'This cursor is not one of ours.', {
      fields: [{ field: 'cursor', message: 'is unknown' }],
    });
  return Number(cursor);
}

function toWireAgent(agent: Agent, active: number): MessageInitShape<typeof wire.AgentSchema> {
  return {
    ...agent,
    status: statuses[agent.status],
    skills: [...agent.skills],
    languages: [...agent.languages],
    active,
  };
}

function toWireHandoff(handoff: Handoff): MessageInitShape<typeof wire.HandoffSchema> {
  const { state, createdAt, acceptedAt, customer, revision, ...rest } = handoff;
  return {
    id: rest.id,
    conversationId: rest.conversationId,
    reason: rest.reason,
    skill: rest.skill,
    language: rest.language,
    priority: rest.priority,
    position: rest.position,
    summary: rest.summary,
    agentId: rest.agentId,
    agentName: rest.agentName,
    state: states[state],
    revision: BigInt(revision),
    customer: { ...customer, attributes: { ...customer.attributes } },
    createdAt: timestampFromDate(createdAt),
    ...(acceptedAt && { acceptedAt: timestampFromDate(acceptedAt) }),
  };
}

function toWireEvent(
  event: DeskEvent,
): NonNullable<MessageInitShape<typeof wire.WatchAgentResponseSchema>['event']> {
  if (event.type === 'handoff') return { case: 'handoff', value: toWireHandoff(event.handoff) };
  const { handoffId, conversationId, seq, text, createdAt } = event.line;
  const message = {
    seq: BigInt(seq),
    role: Role.CUSTOMER,
    text,
    createdAt: timestampFromDate(new Date(createdAt)),
  };
  return { case: 'customerWrote', value: { handoffId, conversationId, message } };
}
