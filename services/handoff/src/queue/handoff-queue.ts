/**
 * The queue of those who wait for a person. Every change is one transaction with its event; a handoff has one owner at
 * a time, decided by a row lock; repeating a call that succeeded changes nothing.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import { Database, type Transaction } from '@frontdesk/store';
import { HandoffConfig } from '../config.js';
import { Desks } from '../desk/desks.js';
import { handoffMetrics } from '../metrics.js';
import { HandoffFacts } from './facts.js';
import { newAgent, type Agent, type Handoff, type HandoffRequest } from './handoff.js';
import * as rows from './handoff.store.js';

export interface Page {
  readonly handoffs: readonly Handoff[];
  /** Where the next page starts; undefined at the end. */
  readonly next: number | undefined;
}

@Injectable()
export class HandoffQueue {
  constructor(
    private readonly database: Database,
    private readonly facts: HandoffFacts,
    private readonly desks: Desks,
    private readonly config: HandoffConfig,
    private readonly log: Log,
  ) {}

  /** Enters the queue, within the transaction of the event that asked for it. */
  async enter(tx: Transaction, request: HandoffRequest): Promise<void> {
    if (!(await rows.insertHandoff(tx, request))) return;
    handoffMetrics.requested.inc({ reason: request.reason });
    await this.tell(tx, (await rows.selectHandoff(tx, request.id))!);
  }

  async setAgent(agent: Agent): Promise<{ agent: Agent; active: number }> {
    return this.database.transaction(async (tx) => {
      await rows.upsertAgent(tx, agent);
      return { agent, active: await rows.countActiveOf(tx, agent.id) };
    });
  }

  async preview(skill: string, priority: number): Promise<{ position: number; agentsOnline: number }> {
    return this.database.transaction(async (tx) => ({
      position: (await rows.countBefore(tx, skill, priority)) + 1,
      agentsOnline: await rows.countOnline(tx, skill),
    }));
  }

  async waitingFor(agentId: string, limit: number, offset: number): Promise<Page> {
    return this.database.transaction(async (tx) => {
      const agent = (await rows.selectAgent(tx, agentId)) ?? newAgent(agentId);
      return page(await rows.selectWaiting(tx, agent, limit + 1, offset), limit, offset);
    });
  }

  async activeOf(agentId: string, limit: number, offset: number): Promise<Page> {
    return this.database.transaction(async (tx) =>
      page(await rows.selectActiveOf(tx, agentId, limit + 1, offset), limit, offset),
    );
  }

  async activeIn(conversationId: string): Promise<Handoff> {
    return this.database.transaction(async (tx) => {
      const handoff = await rows.selectLive(tx, conversationId);
      if (handoff?.state !== 'active') throw new AppError('not_found', 'No agent has this conversation.');
      return handoff;
    });
  }

  async find(id: string): Promise<Handoff | undefined> {
    return this.database.transaction((tx) => rows.selectHandoff(tx, id));
  }

  async agent(id: string): Promise<Agent> {
    return this.database.transaction(async (tx) => (await rows.selectAgent(tx, id)) ?? newAgent(id));
  }

  /** Gives a waiting handoff to an agent. Throws `failed_precondition` when another was faster or the agent is full. */
  async accept(id: string, agentId: string): Promise<Handoff> {
    return this.database.transaction(async (tx) => {
      // The agent first, then the handoff: always in this order, so that two acceptances cannot wait for each other.
      const agent = await this.lockedAgent(tx, agentId);
      const handoff = found(await rows.lockHandoff(tx, id));
      if (handoff.state === 'active' && handoff.agentId === agentId) return handoff;
      if (handoff.state !== 'waiting')
        throw new AppError(
          'failed_precondition',
          'Somebody else was faster, or the customer does not wait any more.',
        );
      if ((await rows.countActiveOf(tx, agentId)) >= agent.capacity) {
        throw new AppError(
          'failed_precondition',
          `You have ${agent.capacity} conversations already: finish one, or raise your capacity.`,
        );
      }
      const accepted = await rows.updateHandoff(tx, id, {
        ...handoff,
        state: 'active',
        agentId,
        agentName: agent.name,
        acceptedAt: new Date(),
      });
      handoffMetrics.waitSeconds.observe((Date.now() - handoff.queuedAt.getTime()) / 1_000);
      await this.tell(tx, accepted);
      this.tellPlacesAfter(tx, handoff.skill);
      return accepted;
    });
  }

  /** Puts an agent's handoff back into a queue, where it stands as long as it has waited since the beginning. */
  async transfer(id: string, agentId: string, skill: string, note: string): Promise<Handoff> {
    return this.mine(id, agentId, async (tx, handoff) => {
      const summary = note ? `${handoff.summary}\nagent: ${note}` : handoff.summary;
      const waiting = {
        ...handoff,
        state: 'waiting' as const,
        agentId: '',
        agentName: '',
        acceptedAt: null,
        skill: skill || handoff.skill,
        summary,
      };
      const moved = await rows.updateHandoff(tx, id, waiting);
      await this.tell(tx, moved);
      return moved;
    });
  }

  /** Gives the conversation back to the bot. */
  async giveBack(id: string, agentId: string, note: string): Promise<Handoff> {
    return this.end(id, agentId, 'returned', note);
  }

  /** Ends the handoff, and with it the conversation. */
  async close(id: string, agentId: string): Promise<Handoff> {
    return this.end(id, agentId, 'closed', '');
  }

  /** The conversation ended by itself: nobody waits any more. */
  async conversationClosed(tx: Transaction, conversationId: string): Promise<void> {
    const live = await rows.selectLive(tx, conversationId);
    if (!live) return;
    await this.tell(tx, await rows.updateHandoff(tx, live.id, { ...live, state: 'closed' }));
    this.tellPlacesAfter(tx, live.skill);
  }

  private async end(
    id: string,
    agentId: string,
    state: 'returned' | 'closed',
    note: string,
  ): Promise<Handoff> {
    return this.database.transaction(async (tx) => {
      const handoff = found(await rows.lockHandoff(tx, id));
      if (handoff.state === state && handoff.agentId === agentId) return handoff;
      own(handoff, agentId);
      const ended = await rows.updateHandoff(tx, id, { ...handoff, state });
      await this.tell(tx, ended, note);
      return ended;
    });
  }

  private async mine(
    id: string,
    agentId: string,
    change: (tx: Transaction, handoff: Handoff) => Promise<Handoff>,
  ): Promise<Handoff> {
    return this.database.transaction(async (tx) => {
      const handoff = found(await rows.lockHandoff(tx, id));
      own(handoff, agentId);
      return change(tx, handoff);
    });
  }

  private async lockedAgent(tx: Transaction, id: string): Promise<Agent> {
    const agent = await rows.lockAgent(tx, id);
    if (agent) return agent;
    await rows.upsertAgent(tx, newAgent(id));
    return (await rows.lockAgent(tx, id))!;
  }

  private async tell(tx: Transaction, handoff: Handoff, note = ''): Promise<void> {
    await this.facts.changed(tx, handoff, note);
    const tenantId = tx.tenantId!;
    tx.afterCommit(() => this.desks.handoffChanged(tenantId, handoff.id));
  }

  /**
   * Those behind moved up. They are told once the change stands, in a transaction of their own: within the change they
   * would make it wait for each other's, and a place is no more than a courtesy.
   */
  private tellPlacesAfter(tx: Transaction, skill: string): void {
    tx.afterCommit(() => {
      this.tellPlaces(skill).catch((error: unknown) =>
        this.log.warn('Waiting customers were not told their place', { error }),
      );
    });
  }

  private async tellPlaces(skill: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const moved of await rows.notePlaces(tx, skill, this.config.HANDOFF_POSITIONS_TOLD))
        await this.facts.changed(tx, moved, '');
    });
  }
}

function page(found: readonly Handoff[], limit: number, offset: number): Page {
  return { handoffs: found.slice(0, limit), next: found.length > limit ? offset + limit : undefined };
}

function found(handoff: Handoff | undefined): Handoff {
  if (!handoff) throw new AppError('not_found', 'There is no such handoff.');
  return handoff;
}

function own(handoff: Handoff, agentId: string): void {
  if (handoff.state !== 'active' || handoff.agentId !== agentId) {
    throw new AppError('failed_precondition', 'This handoff is not yours: accept it first.');
  }
}
