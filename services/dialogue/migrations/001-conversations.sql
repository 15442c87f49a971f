-- The log of every conversation, and its head. A message is never changed once written.

CREATE TABLE conversations (
  tenant_id       text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id              text        NOT NULL,
  bot             text        NOT NULL,
  channel         text        NOT NULL,
  locale          text        NOT NULL,
  customer        jsonb       NOT NULL,
  status          text        NOT NULL CHECK (status IN ('open', 'waiting', 'with_agent', 'closed')),
  -- Grows with every customer message and every change of owner. A turn may commit only under the fence it was
  -- accepted with, so late output of a cancelled, paused or killed turn is refused by the database itself.
  fence           bigint      NOT NULL DEFAULT 0,
  last_seq        bigint      NOT NULL DEFAULT 0,
  -- What the next decision must remember: failed turns in a row, what the bot asked for.
  memory          jsonb       NOT NULL,
  handoff         jsonb,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('conversations');

CREATE TABLE messages (
  tenant_id         text        NOT NULL DEFAULT frontdesk.current_tenant(),
  conversation_id   text        NOT NULL,
  seq               bigint      NOT NULL,
  role              text        NOT NULL CHECK (role IN ('customer', 'bot', 'agent', 'system')),
  text              text        NOT NULL,
  turn_id           text,
  client_message_id text,
  kind              text,
  sources           jsonb,
  agent_id          text,
  degraded          boolean     NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, conversation_id, seq),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('messages');

-- A client's id names one message of one author for ever: this is what makes a retry harmless.
CREATE UNIQUE INDEX messages_client_id ON messages (tenant_id, conversation_id, role, client_message_id)
  WHERE client_message_id IS NOT NULL;

CREATE TABLE turns (
  tenant_id       text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id              text        NOT NULL,
  conversation_id text        NOT NULL,
  -- The finished reply; null while the turn runs, and for ever when a newer message took over.
  reply           jsonb,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX turns_conversation ON turns (tenant_id, conversation_id);
SELECT frontdesk.tenant_table('turns');

CREATE TABLE feedback (
  tenant_id       text        NOT NULL DEFAULT frontdesk.current_tenant(),
  conversation_id text        NOT NULL,
  -- 0 rates the whole conversation.
  message_seq     bigint      NOT NULL,
  rating          smallint    NOT NULL CHECK (rating BETWEEN 1 AND 5),
  comment         text        NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, conversation_id, message_seq),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('feedback');
