/** Rows of `api_keys`. */
import type { Transaction } from '@frontdesk/store';
import type { TenantKeyKind } from './credential.js';

/** A key as its tenant may see it. */
export interface ApiKey {
  readonly id: string;
  readonly kind: TenantKeyKind;
  readonly name: string;
  /** The first characters of the key. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The key of a request, with what its tenant is allowed. */
export interface KnownKey {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: TenantKeyKind;
  readonly expiresAt: Date | null;
  readonly requestsPerMinute: number | null;
  readonly perCustomerPerMinute: number | null;
}

const columns = `id, kind, name, hint, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;

export async function insertKey(
  tx: Transaction,
  key: {
    tenantId: string;
    id: string;
    kind: TenantKeyKind;
    name: string;
    digest: string;
    hint: string;
    expiresAt: Date | null;
  },
): Promise<ApiKey> {
  const rows = await tx.query<ApiKey>(
    `INSERT INTO api_keys (tenant_id, id, kind, name, digest, hint, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
    [key.tenantId, key.id, key.kind, key.name, Buffer.from(key.digest, 'base64'), key.hint, key.expiresAt],
  );
  return rows[0]!;
}

/** The key with this digest if it is good now and its tenant still exists; for the system role. */
export async function findKnownKey(tx: Transaction, digest: string): Promise<KnownKey | undefined> {
  const rows = await tx.query<KnownKey>(
    `SELECT key.id, key.tenant_id AS "tenantId", key.kind, key.expires_at AS "expiresAt",
            tenant.requests_per_minute AS "requestsPerMinute",
            tenant.customer_requests_per_minute AS "perCustomerPerMinute"
     FROM api_keys key JOIN tenants tenant USING (tenant_id)
     WHERE key.digest = $1 AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
       AND tenant.erased_at IS NULL`,
    [Buffer.from(digest, 'base64')],
  );
  return rows[0];
}

/** A page in the order of the ids, which is that of creation. */
export async function selectKeys(tx: Transaction, after: string, limit: number): Promise<ApiKey[]> {
  return tx.query<ApiKey>(`SELECT ${columns} FROM api_keys WHERE id > $1 ORDER BY id LIMIT $2`, [
    after,
    limit,
  ]);
}

/** Ends a key at `at`, or leaves an earlier end; undefined when there is no such key that still works. */
export async function endKey(
  tx: Transaction,
  id: string,
  change: { revoked: boolean; at: Date },
): Promise<ApiKey | undefined> {
  const end = change.revoked ? 'revoked_at = $2' : 'expires_at = least(expires_at, $2)';
  const rows = await tx.query<ApiKey>(
    `UPDATE api_keys SET ${end}
     WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) RETURNING ${columns}`,
    [id, change.at],
  );
  return rows[0];
}

export async function deleteKeys(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM api_keys');
}
