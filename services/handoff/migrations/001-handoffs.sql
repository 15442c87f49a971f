-- Who waits for a person, and who has whom.

CREATE TABLE agents (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id         text        NOT NULL,
  name       text        NOT NULL,
  status     text        NOT NULL CHECK (status IN ('online', 'away', 'offline')),
  -- Empty: everything.
  skills     text[]      NOT NULL,
  languages  text[]      NOT NULL,
  capacity   integer     NOT NULL CHECK (capacity BETWEEN 1 AND 50),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('agents');

CREATE TABLE handoffs (
  tenant_id       text        NOT NULL DEFAULT frontdesk.current_tenant(),
  -- Given by dialogue, so that a repeated request is the same handoff.
  id              text        NOT NULL,
  conversation_id text        NOT NULL,
  state           text        NOT NULL CHECK (state IN ('waiting', 'active', 'returned', 'closed')),
  reason          text        NOT NULL,
  skill           text        NOT NULL,
  language        text        NOT NULL,
  priority        integer     NOT NULL,
  customer        jsonb       NOT NULL,
  summary         text        NOT NULL,
  agent_id        text        NOT NULL DEFAULT '',
  agent_name      text        NOT NULL DEFAULT '',
  -- Grows with every change, and stands in every event, so that an older fact never undoes a newer one.
  revision        bigint      NOT NULL DEFAULT 1,
  -- The place that was told last; 0 before the first.
  noted_place     integer     NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- Place among its equals: earlier first. A transferred handoff keeps the time it first came.
  queued_at       timestamptz NOT NULL DEFAULT now(),
  accepted_at     timestamptz,
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('handoffs');

CREATE INDEX handoffs_queue ON handoffs (tenant_id, priority DESC, queued_at, id) WHERE state = 'waiting';
CREATE UNIQUE INDEX handoffs_live ON handoffs (tenant_id, conversation_id) WHERE state IN ('waiting', 'active');
CREATE INDEX handoffs_agent ON handoffs (tenant_id, agent_id) WHERE state = 'active';
