import { Config, secret } from '@frontdesk/runtime';
import { z } from 'zod';
import { secretOf } from './access/credential.js';

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(100_000_000).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

export class GatewayConfig extends Config({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('HTTP port; 0 picks a free one.'),
  PLATFORM_API_KEY: secret(
    z
      .string()
      .refine((key) => secretOf(key)?.kind === 'platform', 'must be fd_platform_ and 43 letters or digits')
      .optional()
      .describe(
        'The key that makes and erases tenants: fd_platform_ and 43 letters or digits. Unset: nobody can.',
      ),
  ),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe('Issuer whose JWTs are accepted besides API keys; its keys are found by OpenID discovery.'),
  OIDC_AUDIENCE: z.string().optional().describe('What `aud` of a JWT must hold; goes with OIDC_ISSUER.'),
  OIDC_TENANT_CLAIM: z.string().default('tenant').describe('Claim that holds the tenant id.'),
  OIDC_ROLE_CLAIM: z.string().default('role').describe('Claim that holds channel, agent or admin.'),
  CORS_ORIGINS: list.describe('Origins whose pages may call, by commas; * for all. Empty: none but our own.'),
  TRUSTED_PROXIES: list.describe('Proxies (address or CIDR, by commas) whose X-Forwarded-For is believed.'),
  TENANT_REQUESTS_PER_MINUTE: perMinute(6_000).describe('Requests of a tenant without limits of its own.'),
  CUSTOMER_REQUESTS_PER_MINUTE: perMinute(60).describe(
    'Messages and conversations of one customer, where the tenant has no limits of its own.',
  ),
  ADDRESS_REQUESTS_PER_MINUTE: perMinute(600).describe('Requests of one address without a valid credential.'),
  REQUEST_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('For a request that is no turn, import or watch.'),
  TURN_DEADLINE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(35_000)
    .describe('For the whole answer to a message.'),
  MAX_CONNECTIONS: z.coerce.number().int().min(1).default(20_000).describe('HTTP connections at a time.'),
  SHUTDOWN_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(25_000)
    .describe('Time that answers in hand get to finish.'),
  WEB_DIR: z
    .string()
    .optional()
    .describe('Folder of the pages (public/ and dist/); unset: services/web beside this service.'),
  DEMO_KEYS_FILE: z
    .string()
    .optional()
    .describe('JSON file with the keys the pages of a demo get at /web/config.json. Never in production.'),
  DEMO_BOT: z.string().default('shop').describe('Bot of the demo\u2019s chat page.'),
}) {}
