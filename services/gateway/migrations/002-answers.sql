-- Answers to requests with an Idempotency-Key, for a day.

CREATE TABLE answers (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  -- SHA-256 of caller, route and Idempotency-Key.
  id         bytea       NOT NULL,
  -- SHA-256 of the body.
  request    bytea       NOT NULL,
  -- Encrypted with the caller's Idempotency-Key; null while the request is under way, and for routes which repeat
  -- their answer by themselves.
  answer     bytea,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX answers_expiry ON answers (expires_at);
SELECT frontdesk.system_table('answers');
