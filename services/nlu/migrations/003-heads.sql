-- Neural heads beside the lexical models, what became of each version, and the embeddings they are trained on.

ALTER TABLE models
  -- What became of it: answers or may answer, refused by its gate, or taken back because live traffic disagreed.
  ADD COLUMN status   text  NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'refused', 'rolled_back')),
  -- Why it was refused or rolled back.
  ADD COLUMN note     text  NOT NULL DEFAULT '',
  -- The version that answered before it; null for a first one.
  ADD COLUMN previous integer,
  -- Per intent: [held-out examples it got right, held-out examples].
  ADD COLUMN held_out jsonb NOT NULL DEFAULT '{}';

ALTER TABLE active_models ADD COLUMN pinned boolean NOT NULL DEFAULT false;

CREATE TABLE model_heads (
  tenant_id text    NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text    NOT NULL,
  version   integer NOT NULL,
  -- "id@revision".
  encoder   text    NOT NULL,
  head      bytea   NOT NULL,
  PRIMARY KEY (tenant_id, bot, version, encoder),
  FOREIGN KEY (tenant_id, bot, version) REFERENCES models ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('model_heads');

-- An example is encoded once, however often its bot is trained.
CREATE TABLE example_vectors (
  tenant_id text  NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text  NOT NULL,
  encoder   text  NOT NULL,
  -- md5 of the text.
  digest    text  NOT NULL,
  -- Float32, little-endian.
  vector    bytea NOT NULL,
  PRIMARY KEY (tenant_id, bot, encoder, digest)
);
SELECT frontdesk.tenant_table('example_vectors');

-- Whether the result must pass the gate before it answers; what an editor asks for answers in any case.
ALTER TABLE training_jobs ADD COLUMN gated boolean NOT NULL DEFAULT false;
