-- How each bot understands, as its editors put it.
CREATE TABLE bot_settings (
  tenant_id   text NOT NULL DEFAULT frontdesk.current_tenant(),
  bot         text NOT NULL,
  -- Empty and null: as configured for the installation.
  encoder     text NOT NULL,
  gate_margin double precision,
  -- [{type, kind: 'pattern', pattern} or {type, kind: 'list', values: [{value, synonyms}]}]
  entities    jsonb NOT NULL,
  PRIMARY KEY (tenant_id, bot)
);
SELECT frontdesk.tenant_table('bot_settings');
