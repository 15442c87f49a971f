-- What the tests of libs/events write: an effect per event, and the order in which transactions of a key commit.

CREATE TABLE effects (
  tenant_id text   NOT NULL DEFAULT frontdesk.current_tenant(),
  position  bigint GENERATED ALWAYS AS IDENTITY,
  key       text   NOT NULL,
  text      text   NOT NULL,
  PRIMARY KEY (tenant_id, position)
);
SELECT frontdesk.tenant_table('effects');

CREATE TABLE commits (
  tenant_id text   NOT NULL DEFAULT frontdesk.current_tenant(),
  key       text   NOT NULL,
  count     bigint NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
SELECT frontdesk.tenant_table('commits');
