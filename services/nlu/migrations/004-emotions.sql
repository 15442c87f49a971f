-- Sentiments beside emotions, and neural heads for both, of bots whose emotions somebody corrected.

-- Null with `emotions` null, and for versions that are older than this column.
ALTER TABLE models ADD COLUMN sentiments bytea;

-- Apart from model_heads: a bot may have corrected emotions and no intents.
CREATE TABLE emotion_heads (
  tenant_id text    NOT NULL DEFAULT frontdesk.current_tenant(),
  bot       text    NOT NULL,
  version   integer NOT NULL,
  -- "id@revision".
  encoder   text    NOT NULL,
  heads     bytea   NOT NULL,
  PRIMARY KEY (tenant_id, bot, version, encoder),
  FOREIGN KEY (tenant_id, bot, version) REFERENCES models ON DELETE CASCADE
);
SELECT frontdesk.tenant_table('emotion_heads');
