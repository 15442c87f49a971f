/** Rows of `tenants`. */
import type { Transaction } from '@frontdesk/store';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** Null: as configured for the installation. */
export interface TenantLimits {
  readonly requestsPerMinute: number | null;
  readonly perCustomerPerMinute: number | null;
  readonly llmTokensPerDay: number | null;
}

const columns = `tenant_id AS "id", name, created_at AS "createdAt"`;
const limitColumns = `requests_per_minute AS "requestsPerMinute",
  customer_requests_per_minute AS "perCustomerPerMinute", llm_tokens_per_day AS "llmTokensPerDay"`;

export async function insertTenant(tx: Transaction, id: string, name: string): Promise<Tenant> {
  const rows = await tx.query<Tenant>(
    `INSERT INTO tenants (tenant_id, name) VALUES ($1, $2) RETURNING ${columns}`,
    [id, name],
  );
  return rows[0]!;
}

/** A page in the order of the ids, which is that of creation. */
export async function selectTenants(tx: Transaction, after: string, limit: number): Promise<Tenant[]> {
  return tx.query<Tenant>(
    `SELECT ${columns} FROM tenants WHERE erased_at IS NULL AND tenant_id > $1 ORDER BY tenant_id LIMIT $2`,
    [after, limit],
  );
}

export async function selectLimits(tx: Transaction, id: string): Promise<TenantLimits | undefined> {
  const rows = await tx.query<TenantLimits>(
    `SELECT ${limitColumns} FROM tenants WHERE tenant_id = $1 AND erased_at IS NULL`,
    [id],
  );
  return rows[0];
}

export async function updateLimits(
  tx: Transaction,
  id: string,
  limits: TenantLimits,
): Promise<TenantLimits | undefined> {
  const rows = await tx.query<TenantLimits>(
    `UPDATE tenants SET requests_per_minute = $2, customer_requests_per_minute = $3, llm_tokens_per_day = $4
     WHERE tenant_id = $1 AND erased_at IS NULL RETURNING ${limitColumns}`,
    [id, limits.requestsPerMinute, limits.perCustomerPerMinute, limits.llmTokensPerDay],
  );
  return rows[0];
}

/** Empties the transaction's tenant but for its id; false when it is gone already or was never there. */
export async function markErased(tx: Transaction): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE tenants SET name = '', erased_at = now() WHERE erased_at IS NULL RETURNING tenant_id`,
  );
  return rows.length > 0;
}
