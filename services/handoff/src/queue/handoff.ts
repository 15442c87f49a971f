/** The words of the queue. Plain data; `rpc/` and `events/` translate it to the wire. */

export type HandoffState = 'waiting' | 'active' | 'returned' | 'closed';
export type AgentStatus = 'online' | 'away' | 'offline';

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A request for a person, as dialogue committed it. */
export interface HandoffRequest {
  readonly id: string;
  readonly conversationId: string;
  readonly reason: string;
  /** What the agent should know; empty: anybody. */
  readonly skill: string;
  /** BCP 47; may be empty. */
  readonly language: string;
  /** Larger first. */
  readonly priority: number;
  readonly customer: Customer;
  readonly summary: string;
}

export interface Handoff extends HandoffRequest {
  readonly state: HandoffState;
  readonly agentId: string;
  readonly agentName: string;
  readonly revision: number;
  /** From 1; 0 when not waiting. */
  readonly position: number;
  readonly createdAt: Date;
  readonly queuedAt: Date;
  readonly acceptedAt: Date | null;
}

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly status: AgentStatus;
  /** Empty: everything. */
  readonly skills: readonly string[];
  /** BCP 47; empty: everything. */
  readonly languages: readonly string[];
  /** Conversations at a time, 1 to 50. */
  readonly capacity: number;
}

/** An agent who never said otherwise. */
export function newAgent(id: string): Agent {
  return { id, name: '', status: 'online', skills: [], languages: [], capacity: 3 };
}

/** Whether an agent knows and speaks what a handoff needs. */
export function canTake(agent: Agent, handoff: Pick<HandoffRequest, 'skill' | 'language'>): boolean {
  const knows = agent.skills.length === 0 || handoff.skill === '' || agent.skills.includes(handoff.skill);
  const speaks =
    agent.languages.length === 0 || handoff.language === '' || agent.languages.includes(handoff.language);
  return knows && speaks;
}
