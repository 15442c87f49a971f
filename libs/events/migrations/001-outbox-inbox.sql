-- Facts on their way out, and the ids of facts that came in: the first migration of every service with events.

CREATE TABLE outbox (
  -- Taken under a lock on (topic, key), so that within a key it is the order of the commits.
  position       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id      text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id             text        NOT NULL,
  topic          text        NOT NULL,
  key            text        NOT NULL,
  payload        bytea       NOT NULL,
  headers        jsonb       NOT NULL,
  occurred_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Why the bus will never take it. Set to null to have it sent again.
  parked_because text
)
-- Every row is deleted soon: vacuum by number, not by share of the table.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
SELECT frontdesk.system_table('outbox');

-- One row: which relay speaks for the service now.
CREATE TABLE outbox_relay (
  one        boolean     PRIMARY KEY DEFAULT true CHECK (one),
  holder     text,
  held_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO outbox_relay DEFAULT VALUES;
SELECT frontdesk.system_only_table('outbox_relay');

CREATE TABLE inbox (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  event_id   text        NOT NULL,
  topic      text        NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id)
);
CREATE INDEX inbox_handled_at ON inbox (handled_at);
SELECT frontdesk.system_table('inbox');
