-- How a table becomes visible to services: migrations of every schema call these functions.

CREATE FUNCTION frontdesk.current_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('frontdesk.tenant', true), '');
COMMENT ON FUNCTION frontdesk.current_tenant() IS 'The tenant of the transaction; null without one.';

-- The owner is bound too: row-level security is not only enabled but forced.
CREATE FUNCTION frontdesk.restrict(target regclass, policy name, role name, condition text) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('DROP POLICY IF EXISTS %I ON %s', policy, target);
  EXECUTE format('CREATE POLICY %I ON %s TO %I USING (%s) WITH CHECK (%4$s)', policy, target, role, condition);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', target, role);
END $$;

CREATE FUNCTION frontdesk.tenant_table(target regclass) RETURNS void
  LANGUAGE sql
  BEGIN ATOMIC
    SELECT frontdesk.restrict(target, 'tenant', 'frontdesk_app', 'tenant_id = frontdesk.current_tenant()');
  END;
COMMENT ON FUNCTION frontdesk.tenant_table(regclass) IS
  'Rows belong to the tenant in tenant_id (text); transaction() reads and writes those of its tenant.';

CREATE FUNCTION frontdesk.system_only_table(target regclass) RETURNS void
  LANGUAGE sql
  BEGIN ATOMIC
    SELECT frontdesk.restrict(target, 'system', 'frontdesk_system', 'true');
  END;
COMMENT ON FUNCTION frontdesk.system_only_table(regclass) IS
  'Only system() reads and writes it; transaction() is refused.';

CREATE FUNCTION frontdesk.system_table(target regclass) RETURNS void
  LANGUAGE sql
  BEGIN ATOMIC
    SELECT frontdesk.tenant_table(target);
    SELECT frontdesk.system_only_table(target);
  END;
COMMENT ON FUNCTION frontdesk.system_table(regclass) IS
  'A tenant table which system() reads and writes too, for all tenants.';
