-- Articles and all their versions. What search needs is derived from them in the process and is not stored.

-- One row per tenant with articles. Its lock lets one writer of a tenant in at a time, so that revisions become
-- visible in their order: who has read up to a revision has missed nothing below it.
CREATE TABLE corpora (
  tenant_id text        NOT NULL DEFAULT frontdesk.current_tenant(),
  -- Tells an erased tenant who came back from the one before.
  born_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision  bigint      NOT NULL DEFAULT 1,
  -- Of all articles which are not deleted.
  passages  bigint      NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id)
);
SELECT frontdesk.tenant_table('corpora');

CREATE TABLE articles (
  tenant_id   text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id          text        NOT NULL,
  version     integer     NOT NULL CHECK (version >= 1),
  -- The corpus's revision at the last change, the deletion included.
  revision    bigint      NOT NULL,
  external_id text,
  -- SHA-256 of the content: an import leaves alone what it would not change.
  digest      text        NOT NULL,
  passages    integer     NOT NULL,
  deleted_at  timestamptz,
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('articles');
CREATE INDEX articles_revision ON articles (tenant_id, revision);
CREATE INDEX articles_digest ON articles (tenant_id, digest) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX articles_external_id ON articles (tenant_id, external_id)
  WHERE external_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE article_versions (
  tenant_id   text        NOT NULL DEFAULT frontdesk.current_tenant(),
  article_id  text        NOT NULL,
  version     integer     NOT NULL,
  title       text        NOT NULL,
  questions   jsonb       NOT NULL,
  answer      text        NOT NULL,
  locale      text        NOT NULL,
  tags        jsonb       NOT NULL,
  valid_from  timestamptz,
  valid_to    timestamptz,
  external_id text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, article_id, version),
  FOREIGN KEY (tenant_id, article_id) REFERENCES articles (tenant_id, id) ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('article_versions');
