/** The tenants of the installation: made with their first keys, limited, erased. For the platform's key alone. */
import { Injectable } from '@nestjs/common';
import { AppError, currentContext, newId, runInContext } from '@frontdesk/core';
import { Database, type Transaction } from '@frontdesk/store';
import { deleteAnswers } from '../idempotency/answer.store.js';
import { deleteKeys } from './api-key.store.js';
import { addKey } from './api-keys.js';
import { tenantKeyKinds, type TenantKeyKind } from './credential.js';
import * as rows from './tenant.store.js';

/** Told with the transaction that makes it true; implemented in `events/`. */
export abstract class TenantFacts {
  abstract erased(tx: Transaction, tenantId: string): Promise<void>;
}

export interface NewTenant {
  readonly tenant: rows.Tenant;
  /** The texts of its first keys; shown once. */
  readonly keys: Readonly<Record<TenantKeyKind, string>>;
}

@Injectable()
export class Tenants {
  constructor(
    private readonly database: Database,
    private readonly facts: TenantFacts,
  ) {}

  async create(name: string): Promise<NewTenant> {
    return this.database.system(async (tx) => {
      const tenant = await rows.insertTenant(tx, newId(), name);
      const keys: Partial<Record<TenantKeyKind, string>> = {};
      for (const kind of tenantKeyKinds) {
        const made = await addKey(tx, {
          tenantId: tenant.id,
          kind,
          name: `first ${kind} key`,
          expiresAt: null,
        });
        keys[kind] = made.key;
      }
      return { tenant, keys: keys as NewTenant['keys'] };
    });
  }

  /** A page after the id `after` (empty: from the first). */
  async list(after: string, limit: number): Promise<rows.Tenant[]> {
    return this.database.system((tx) => rows.selectTenants(tx, after, limit));
  }

  async limits(id: string): Promise<rows.TenantLimits> {
    return this.database.system(async (tx) => found(await rows.selectLimits(tx, id)));
  }

  async setLimits(id: string, limits: rows.TenantLimits): Promise<rows.TenantLimits> {
    return this.database.system(async (tx) => found(await rows.updateLimits(tx, id, limits)));
  }

  /** Ends its keys here and now, and tells every service to erase what it holds. */
  async erase(id: string): Promise<void> {
    await runInContext({ requestId: newId(), ...currentContext(), tenantId: id }, () =>
      this.database.transaction(async (tx) => {
        found(await rows.markErased(tx));
        await deleteKeys(tx);
        await deleteAnswers(tx);
        await this.facts.erased(tx, id);
      }),
    );
  }
}

function found<T>(tenant: T | undefined | false): T {
  if (!tenant) throw new AppError('not_found', 'There is no such tenant.');
  return tenant;
}
