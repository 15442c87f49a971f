/**
 * Who is calling. Promises one answer for every way in (REST, SSE, WebSocket, gRPC), that a revoked or expired
 * credential and an erased tenant are refused within five seconds everywhere, and that nobody can tell an unknown
 * key from a revoked one. Hides where credentials are kept, and what is remembered of them.
 */
import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, systemClock, type Principal } from '@frontdesk/core';
import { Database, ExpiringMap } from '@frontdesk/store';
import { GatewayConfig } from '../config.js';
import { findKnownKey } from './api-key.store.js';
import { digestOf, secretOf, type Secret } from './credential.js';
import { IdentityProvider } from './identity-provider.js';
import { selectLimits } from './tenant.store.js';

export interface Caller {
  readonly principal: Principal;
  /** Absent for the platform, which belongs to no tenant. */
  readonly tenantId?: string;
  readonly requestsPerMinute: number;
  readonly perCustomerPerMinute: number;
}

/** A look-up takes its time too: together they stay under five seconds. */
const rememberMs = 4_000;
const rememberAtMost = 20_000;

@Injectable()
export class Access {
  private readonly known = new ExpiringMap<Caller | Promise<Caller>>(rememberAtMost, systemClock);
  private readonly platform: Buffer | undefined;

  constructor(
    private readonly database: Database,
    private readonly identities: IdentityProvider,
    private readonly config: GatewayConfig,
  ) {
    const key = config.PLATFORM_API_KEY;
    if (key) this.platform = Buffer.from(digestOf(key), 'base64');
  }

  /**
   * The caller behind `Bearer <credential>`; at once when it is remembered. Throws `unauthenticated` for anything
   * else, `unavailable` when it cannot be found out.
   */
  identify(authorization: string | undefined): Caller | Promise<Caller> {
    const credential = credentialIn(authorization);
    const digest = digestOf(credential);
    const remembered = this.known.get(digest);
    if (remembered) return remembered;

    const looking = this.lookUp(credential, digest);
    this.known.set(digest, looking, rememberMs);
    looking.catch(() => this.known.delete(digest));
    return looking;
  }

  /** Whether `identify` answers without a look-up. Throws `unauthenticated` for what is no credential at all. */
  remembers(authorization: string | undefined): boolean {
    return this.known.get(digestOf(credentialIn(authorization))) !== undefined;
  }

  private async lookUp(credential: string, digest: string): Promise<Caller> {
    const secret = secretOf(credential);
    const found = secret ? await this.byKey(secret) : await this.byToken(credential);
    if (!found) throw unauthenticated();
    const { caller, expiresAt } = found;
    const forMs = Math.min(rememberMs, expiresAt - systemClock.now());
    if (forMs > 0) this.known.set(digest, caller, forMs);
    return caller;
  }

  private async byKey({ kind, digest }: Secret): Promise<Found | undefined> {
    if (kind === 'platform') {
      const known = this.platform && timingSafeEqual(this.platform, Buffer.from(digest, 'base64'));
      return known ? this.found({ kind, id: 'platform' }, {}) : undefined;
    }
    const key = await this.database.system((tx) => findKnownKey(tx, digest));
    return key && this.found({ kind: key.kind, id: key.id }, key);
  }

  private async byToken(token: string): Promise<Found | undefined> {
    const identity = await this.identities.identify(token);
    if (!identity) return undefined;
    const { tenantId, kind, id } = identity;
    const limits = await this.database.system((tx) => selectLimits(tx, tenantId));
    return (
      limits && this.found({ kind, id }, { tenantId, ...limits, expiresAt: new Date(identity.expiresAt) })
    );
  }

  private found(
    principal: Principal,
    tenant: {
      tenantId?: string;
      requestsPerMinute?: number | null;
      perCustomerPerMinute?: number | null;
      expiresAt?: Date | null;
    },
  ): Found {
    const { tenantId, requestsPerMinute, perCustomerPerMinute, expiresAt } = tenant;
    return {
      caller: {
        principal,
        ...(tenantId !== undefined && { tenantId }),
        requestsPerMinute: requestsPerMinute ?? this.config.TENANT_REQUESTS_PER_MINUTE,
        perCustomerPerMinute: perCustomerPerMinute ?? this.config.CUSTOMER_REQUESTS_PER_MINUTE,
      },
      expiresAt: expiresAt?.getTime() ?? Infinity,
    };
  }
}

interface Found {
  readonly caller: Caller;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

function credentialIn(authorization: string | undefined): string {
  const credential = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
  if (credential === undefined) throw unauthenticated();
  return credential;
}

function unauthenticated(): AppError {
  return new AppError('unauthenticated', 'Send a valid key or token: "Authorization: Bearer <key>".');
}
