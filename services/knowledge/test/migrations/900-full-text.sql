-- The baseline of knowledge.bench.ts: full text search inside the database, behind the same row-level security.
CREATE TABLE full_text (
  tenant_id text     NOT NULL DEFAULT frontdesk.current_tenant(),
  id        text     NOT NULL,
  terms     tsvector NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX full_text_terms ON full_text USING gin (terms);
SELECT frontdesk.tenant_table('full_text');
