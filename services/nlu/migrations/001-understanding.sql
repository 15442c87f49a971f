-- What a bot should understand, what people corrected, and the models trained from it.

CREATE TABLE intents (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text NOT NULL,
  name      text NOT NULL,
  -- Empty for a top-level intent.
  parent    text NOT NULL,
  PRIMARY KEY (tenant_id, bot, name)
);
SELECT frontdesk.tenant_table('intents');

CREATE TABLE examples (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text NOT NULL,
  intent    text NOT NULL,
  -- An utterance may be longer than an index entry.
  digest    text NOT NULL GENERATED ALWAYS AS (md5(text)) STORED,
  language  text NOT NULL,
  text      text NOT NULL,
  PRIMARY KEY (tenant_id, bot, intent, digest),
  FOREIGN KEY (tenant_id, bot, intent) REFERENCES intents ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('examples');

CREATE TABLE emotion_examples (
  tenant_id text NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text NOT NULL,
  digest    text NOT NULL GENERATED ALWAYS AS (md5(text)) STORED,
  text      text NOT NULL,
  emotion   text NOT NULL,
  PRIMARY KEY (tenant_id, bot, digest)
);
SELECT frontdesk.tenant_table('emotion_examples');

-- Corrections as they came, for those who want to know why a model changed.
CREATE TABLE feedback (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id         text        NOT NULL,
  bot        text        NOT NULL,
  message_id text        NOT NULL,
  text       text        NOT NULL,
  intent     text        NOT NULL,
  emotion    text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT frontdesk.tenant_table('feedback');

CREATE TABLE models (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  bot        text        NOT NULL,
  -- Counts up per bot; "lexical-3" is version 3.
  version    integer     NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  intents    bytea       NOT NULL,
  threshold  real        NOT NULL,
  -- Parent of each intent that has one, as it was when the model was trained.
  parents    jsonb       NOT NULL,
  -- Null while nobody corrected an emotion: the built-in one serves.
  emotions   bytea,
  scores     jsonb       NOT NULL,
  PRIMARY KEY (tenant_id, bot, version)
);
SELECT frontdesk.tenant_table('models');

-- Which version answers. Locked by whoever adds or activates one.
CREATE TABLE active_models (
  tenant_id    text    NOT NULL DEFAULT frontdesk.current_tenant(),
  bot          text    NOT NULL,
  version      integer NOT NULL,
  last_version integer NOT NULL,
  PRIMARY KEY (tenant_id, bot)
);
SELECT frontdesk.tenant_table('active_models');

CREATE TABLE training_jobs (
  tenant_id  text        NOT NULL DEFAULT frontdesk.current_tenant(),
  id         text        NOT NULL,
  bot        text        NOT NULL,
  status     text        NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
  -- E.g. "lexical-3"; empty until it succeeded.
  version    text        NOT NULL DEFAULT '',
  scores     jsonb       NOT NULL DEFAULT '{}',
  error      text        NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
-- Work that a stopped process left behind is found for all tenants.
SELECT frontdesk.system_table('training_jobs');

CREATE INDEX training_jobs_open ON training_jobs (tenant_id, bot) WHERE status IN ('queued', 'running');
-- At most one waits: it will read everything that is there when it starts.
CREATE UNIQUE INDEX training_jobs_queued ON training_jobs (tenant_id, bot) WHERE status = 'queued';
