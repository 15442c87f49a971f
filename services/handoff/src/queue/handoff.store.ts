/** Rows of handoffs and agents ↔ the words of `handoff.ts`. Row-level security adds the tenant to every statement. */
import type { Transaction } from '@frontdesk/store';
import type { Agent, AgentStatus, Customer, Handoff, HandoffRequest, HandoffState } from './handoff.js';

interface HandoffRow {
  id: string;
  conversation_id: string;
  state: HandoffState;
  reason: string;
  skill: string;
  language: string;
  priority: number;
  customer: Customer;
  summary: string;
  agent_id: string;
  agent_name: string;
  revision: string;
  created_at: Date;
  queued_at: Date;
  accepted_at: Date | null;
  position: string | null;
}

interface AgentRow {
  id: string;
  name: string;
  status: AgentStatus;
  skills: string[];
  languages: string[];
  capacity: number;
}

const plainColumns = `h.id, h.conversation_id, h.state, h.reason, h.skill, h.language, h.priority, h.customer, h.summary, h.agent_id,
  h.agent_name, h.revision, h.created_at, h.queued_at, h.accepted_at`;
// A place is told per skill: those who wait for other people do not stand before you.
const columns = `${plainColumns},
  CASE WHEN h.state = 'waiting' THEN (
    SELECT count(*) + 1 FROM handoffs b WHERE b.state = 'waiting' AND b.skill = h.skill
       AND (b.priority > h.priority OR (b.priority = h.priority AND (b.queued_at, b.id) < (h.queued_at, h.id)))
  ) END AS position`;

/** Enters the queue; false when the id, or another live handoff of the conversation, is there already. */
export async function insertHandoff(tx: Transaction, request: HandoffRequest): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO handoffs (id, conversation_id, state, reason, skill, language, priority, customer, summary)
     VALUES ($1, $2, 'waiting', $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
    [
      request.id,
      request.conversationId,
      request.reason,
      request.skill,
      request.language,
      request.priority,
      JSON.stringify(request.customer),
      request.summary,
    ],
  );
  return rows.length > 0;
}

export async function selectHandoff(tx: Transaction, id: string): Promise<Handoff | undefined> {
  const rows = await tx.query<HandoffRow>(`SELECT ${columns} FROM handoffs h WHERE h.id = $1`, [id]);
  return rows[0] && toHandoff(rows[0]);
}

/** As `selectHandoff`, locked until the transaction ends. */
export async function lockHandoff(tx: Transaction, id: string): Promise<Handoff | undefined> {
  const rows = await tx.query<HandoffRow>(
    `SELECT ${columns} FROM handoffs h WHERE h.id = $1 FOR UPDATE OF h`,
    [id],
  );
  return rows[0] && toHandoff(rows[0]);
}

export async function selectLive(tx: Transaction, conversationId: string): Promise<Handoff | undefined> {
  const rows = await tx.query<HandoffRow>(
    `SELECT ${columns} FROM handoffs h WHERE h.conversation_id = $1 AND h.state IN ('waiting', 'active')`,
    [conversationId],
  );
  return rows[0] && toHandoff(rows[0]);
}

export interface Change {
  readonly state: HandoffState;
  readonly agentId: string;
  readonly agentName: string;
  readonly acceptedAt: Date | null;
  readonly skill: string;
  readonly summary: string;
  readonly priority: number;
}

export async function updateHandoff(tx: Transaction, id: string, change: Change): Promise<Handoff> {
  await tx.query(
    `UPDATE handoffs SET state = $2, agent_id = $3, agent_name = $4, accepted_at = $5, skill = $6, summary = $7, priority = $8,
       revision = revision + 1 WHERE id = $1`,
    [
      id,
      change.state,
      change.agentId,
      change.agentName,
      change.acceptedAt,
      change.skill,
      change.summary,
      change.priority,
    ],
  );
  return (await selectHandoff(tx, id))!;
}

/**
 * Notes the new places of the first of a skill's queue, and gives those whose place changed since it was last noted.
 * Rows that somebody is changing at this moment are left out: their change will tell.
 */
export async function notePlaces(tx: Transaction, skill: string, limit: number): Promise<Handoff[]> {
  // One at a time for a skill: who counted earlier must not tell later.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`places ${tx.tenantId} ${skill}`]);
  const rows = await tx.query<HandoffRow>(
    `WITH queue AS (
       SELECT id, row_number() OVER (ORDER BY priority DESC, queued_at, id) AS place
       FROM handoffs WHERE state = 'waiting' AND skill = $1 ORDER BY place LIMIT $2
     ), moved AS (
       SELECT h.id, queue.place FROM handoffs h JOIN queue ON queue.id = h.id
       WHERE h.state = 'waiting' AND h.noted_place <> queue.place FOR UPDATE OF h SKIP LOCKED
     )
     UPDATE handoffs h SET noted_place = moved.place, revision = revision + 1 FROM moved WHERE h.id = moved.id
     RETURNING ${plainColumns}, moved.place AS position`,
    [skill, limit],
  );
  return rows.map(toHandoff);
}

/** Waiting handoffs that an agent could take, in the order of the queue. */
export async function selectWaiting(
  tx: Transaction,
  agent: Agent,
  limit: number,
  offset: number,
): Promise<Handoff[]> {
  const rows = await tx.query<HandoffRow>(
    `SELECT ${columns} FROM handoffs h WHERE h.state = 'waiting'
       AND (cardinality($1::text[]) = 0 OR h.skill = '' OR h.skill = ANY ($1::text[]))
       AND (cardinality($2::text[]) = 0 OR h.language = '' OR h.language = ANY ($2::text[]))
     ORDER BY h.priority DESC, h.queued_at, h.id LIMIT $3 OFFSET $4`,
    [agent.skills, agent.languages, limit, offset],
  );
  return rows.map(toHandoff);
}

export async function selectActiveOf(
  tx: Transaction,
  agentId: string,
  limit: number,
  offset: number,
): Promise<Handoff[]> {
  const rows = await tx.query<HandoffRow>(
    `SELECT ${columns} FROM handoffs h WHERE h.state = 'active' AND h.agent_id = $1 ORDER BY h.accepted_at, h.id LIMIT $2 OFFSET $3`,
    [agentId, limit, offset],
  );
  return rows.map(toHandoff);
}

export async function countActiveOf(tx: Transaction, agentId: string): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `SELECT count(*) FROM handoffs WHERE state = 'active' AND agent_id = $1`,
    [agentId],
  );
  return Number(rows[0]!.count);
}

/** Those who wait for a skill at this priority or a higher one. */
export async function countBefore(tx: Transaction, skill: string, priority: number): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `SELECT count(*) FROM handoffs WHERE state = 'waiting' AND skill = $1 AND priority >= $2`,
    [skill, priority],
  );
  return Number(rows[0]!.count);
}

export async function countOnline(tx: Transaction, skill: string): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `SELECT count(*) FROM agents WHERE status = 'online' AND (cardinality(skills) = 0 OR $1 = '' OR $1 = ANY (skills))`,
    [skill],
  );
  return Number(rows[0]!.count);
}

export async function upsertAgent(tx: Transaction, agent: Agent): Promise<void> {
  await tx.query(
    `INSERT INTO agents (id, name, status, skills, languages, capacity) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, id) DO UPDATE SET name = $2, status = $3, skills = $4, languages = $5, capacity = $6, updated_at = now()`,
    [agent.id, agent.name, agent.status, agent.skills, agent.languages, agent.capacity],
  );
}

export async function selectAgent(tx: Transaction, id: string): Promise<Agent | undefined> {
  const rows = await tx.query<AgentRow>(
    'SELECT id, name, status, skills, languages, capacity FROM agents WHERE id = $1',
    [id],
  );
  return rows[0];
}

/** As `selectAgent`, locked: two acceptances of one agent are counted one after the other. */
export async function lockAgent(tx: Transaction, id: string): Promise<Agent | undefined> {
  const rows = await tx.query<AgentRow>(
    'SELECT id, name, status, skills, languages, capacity FROM agents WHERE id = $1 FOR UPDATE',
    [id],
  );
  return rows[0];
}

export async function deleteEverything(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM handoffs');
  await tx.query('DELETE FROM agents');
}

function toHandoff(row: HandoffRow): Handoff {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    state: row.state,
    reason: row.reason,
    skill: row.skill,
    language: row.language,
    priority: row.priority,
    customer: row.customer,
    summary: row.summary,
    agentId: row.agent_id,
    agentName: row.agent_name,
    revision: Number(row.revision),
    position: Number(row.position ?? 0),
    createdAt: row.created_at,
    queuedAt: row.queued_at,
    acceptedAt: row.accepted_at,
  };
}
