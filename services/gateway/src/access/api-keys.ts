/** The keys of the calling tenant: made, listed, rotated, revoked. A key's text is given out once, when it is made. */
import { Injectable } from '@nestjs/common';
import { AppError, currentContext, newId, requireTenant } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import * as rows from './api-key.store.js';
import { digestOf, hintOf, newKey, type TenantKeyKind } from './credential.js';

export interface NewKey {
  readonly apiKey: rows.ApiKey;
  /** The text; shown once. */
  readonly key: string;
}

@Injectable()
export class ApiKeys {
  constructor(private readonly database: Database) {}

  async create(wish: { kind: TenantKeyKind; name: string; expiresAt: Date | null }): Promise<NewKey> {
    return this.database.transaction((tx) => addKey(tx, { tenantId: requireTenant(), ...wish }));
  }

  /** A page after the id `after` (empty: from the first). */
  async list(after: string, limit: number): Promise<rows.ApiKey[]> {
    return this.database.transaction((tx) => rows.selectKeys(tx, after, limit));
  }

  /** A new key in the place of `id`, which goes on working for `overlapSeconds`. */
  async rotate(id: string, overlapSeconds: number): Promise<NewKey> {
    return this.database.transaction(async (tx) => {
      const old = found(
        await rows.endKey(tx, id, { revoked: false, at: new Date(Date.now() + overlapSeconds * 1_000) }),
      );
      return addKey(tx, { tenantId: requireTenant(), kind: old.kind, name: old.name, expiresAt: null });
    });
  }

  /** Ends a key for good. Throws `failed_precondition` for the key of the request itself: nobody locks himself out. */
  async revoke(id: string): Promise<void> {
    if (currentContext()?.principal?.id === id) {
      throw new AppError('failed_precondition', 'A key cannot revoke itself: use another admin key.');
    }
    await this.database.transaction(async (tx) => {
      found(await rows.endKey(tx, id, { revoked: true, at: new Date() }));
    });
  }
}

/** Makes a key of `tenantId` within a transaction that may write it. */
export async function addKey(
  tx: Transaction,
  wish: { tenantId: string; kind: TenantKeyKind; name: string; expiresAt: Date | null },
): Promise<NewKey> {
  const key = newKey(wish.kind);
  const apiKey = await rows.insertKey(tx, {
    ...wish,
    id: newId(),
    digest: digestOf(key),
    hint: hintOf(key),
  });
  return { apiKey, key };
}

function found(key: rows.ApiKey | undefined): rows.ApiKey {
  if (!key) throw new AppError('not_found', 'There is no such key.');
  return key;
}
