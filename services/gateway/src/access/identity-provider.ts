/**
 * JWTs of the configured OpenID provider (RFC 7519, OpenID Connect Discovery 1.0). Promises that only tokens signed
 * by the issuer's published keys with an asymmetric algorithm pass, and only for our audience and in their time.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { ConfigProblem } from '@frontdesk/runtime';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { GatewayConfig } from '../config.js';
import { tenantKeyKinds, type TenantKeyKind } from './credential.js';

export interface Identity {
  readonly tenantId: string;
  readonly kind: TenantKeyKind;
  /** The token's subject. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks differ a little. */
const clockToleranceSeconds = 5;
const fetchTimeoutMs = 3_000;
/** Errors of the key set, which say nothing of a token: no answer, another status than 200, no JSON, no keys. */
const providerFaults: ReadonlySet<string> = new Set(
  [errors.JOSEError, errors.JWKSTimeout, errors.JWKSInvalid, errors.JWKInvalid].map(({ code }) => code),
);

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const identitySchema = z.object({
  tenant: z.string().min(1).max(128),
  role: z.enum(tenantKeyKinds),
  sub: z.string().min(1).max(128),
  exp: z.number(),
});

@Injectable()
export class IdentityProvider {
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly config: GatewayConfig) {
    if (Boolean(config.OIDC_ISSUER) !== Boolean(config.OIDC_AUDIENCE))
      throw new ConfigProblem(['OIDC_ISSUER and OIDC_AUDIENCE go together: set both or none.']);
  }

  /** Who the token speaks for; undefined when it is none of ours. Throws `unavailable` when its keys cannot be had. */
  async identify(token: string): Promise<Identity | undefined> {
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = this.config;
    if (!issuer || !audience) return undefined;
    try {
      const { payload } = await jwtVerify(token, await this.publishedKeys(issuer), {
        issuer,
        audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      return this.read(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError && !providerFaults.has(error.code)) return undefined;
      throw new AppError('unavailable', 'The identity provider cannot be reached: try again in a moment.', {
        cause: error,
      });
    }
  }

  private read(payload: JWTPayload): Identity | undefined {
    const { OIDC_TENANT_CLAIM, OIDC_ROLE_CLAIM } = this.config;
    const claims = identitySchema.safeParse({
      ...payload,
      tenant: payload[OIDC_TENANT_CLAIM],
      role: payload[OIDC_ROLE_CLAIM],
    });
    if (!claims.success) return undefined;
    const { tenant, role, sub, exp } = claims.data;
    return { tenantId: tenant, kind: role, id: sub, expiresAt: exp * 1_000 };
  }

  /** Found once; after a failure the next token asks again. */
  private publishedKeys(issuer: string): Promise<JWTVerifyGetKey> {
    this.keys ??= discover(issuer).catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(fetchTimeoutMs),
    redirect: 'error',
  });
  const found = discoverySchema.parse(await response.json());
  if (found.issuer !== issuer) throw new Error('The discovery document is of another issuer');
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: fetchTimeoutMs });
}
