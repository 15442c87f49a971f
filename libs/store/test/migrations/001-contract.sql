CREATE TABLE notes (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  id text NOT NULL,
  body text NOT NULL,
  visits bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('notes');

CREATE TABLE jobs (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  batch text NOT NULL,
  done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.system_table('jobs');

CREATE TABLE credentials (
  hash text PRIMARY KEY,
  owner text NOT NULL
);
SELECT frontdesk.system_only_table('credentials');

-- Checked at the commit.
CREATE TABLE pairs (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  id text NOT NULL,
  other text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, other) REFERENCES pairs DEFERRABLE INITIALLY DEFERRED
);
SELECT frontdesk.tenant_table('pairs');
