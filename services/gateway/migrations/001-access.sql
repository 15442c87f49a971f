-- Who may come in. Both tables are read before a tenant is known, so the system role sees them too.

CREATE TABLE tenants (
  tenant_id                    text        PRIMARY KEY,
  name                         text        NOT NULL,
  -- Null: as configured for the installation.
  requests_per_minute          integer,
  customer_requests_per_minute integer,
  llm_tokens_per_day           bigint,
  created_at                   timestamptz NOT NULL DEFAULT now(),
  -- Set by erasure. The row stays, so that the id is never given again.
  erased_at                    timestamptz
);
SELECT frontdesk.system_table('tenants');

CREATE TABLE api_keys (
  tenant_id  text        NOT NULL REFERENCES tenants,
  id         text        NOT NULL,
  kind       text        NOT NULL CHECK (kind IN ('channel', 'agent', 'admin')),
  name       text        NOT NULL,
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  digest     bytea       NOT NULL UNIQUE,
  -- Its first characters, for people to tell keys apart.
  hint       text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.system_table('api_keys');
