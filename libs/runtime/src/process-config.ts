/** What every process of the mesh is told, whichever services it runs. */
import { z } from 'zod';
import { Config, readConfig, ConfigProblem, secret, toggle, type Environment } from './config.js';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

export class ProcessConfig extends Config({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses embedded stores.'),
  BIND_HOST: z.string().default('0.0.0.0').describe('Address that all ports listen on.'),
  GRPC_PORT: port(9090).describe('gRPC port; 0 picks a free one.'),
  ADMIN_PORT: port(9100).describe('Port of /healthz, /readyz and /metrics; 0 picks a free one.'),
  DATABASE_URL: secret(
    z
      .string()
      .regex(/^(postgres(ql)?:\/\/|pglite:)/, 'must start with postgres:// or pglite:')
      .default('pglite:.frontdesk/data'),
  ).describe('PostgreSQL (postgres://…) or the embedded one (pglite:<folder>).'),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(10)
    .describe('Connections per service.'),
  KEY_VALUE_URL: secret(
    z
      .string()
      .regex(/^(rediss?:\/\/|memory:)/, 'must start with redis:// or be memory:')
      .default('memory:'),
  ).describe('Redis (redis://…) or this process alone (memory:).'),
  EVENTS_URL: secret(
    z
      .string()
      .regex(/^(kafkas?:\/\/|memory:)/, 'must start with kafka:// (kafkas:// with TLS) or be memory:')
      .default('memory:'),
  ).describe('Kafka brokers (kafka://host:port,…) or this process alone (memory:).'),
  ALLOW_EMBEDDED: toggle
    .default('off')
    .describe('`on` allows pglite: and memory: although NODE_ENV is production.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('Where traces go (OTLP over HTTP); tracing is off when unset.'),
  TLS_CERT_FILE: z
    .string()
    .optional()
    .describe('PEM certificate of this process; the three TLS files turn mutual TLS 1.3 on for gRPC.'),
  TLS_KEY_FILE: z.string().optional().describe('PEM key of the certificate.'),
  TLS_CA_FILE: z
    .string()
    .optional()
    .describe('PEM of the authority that signs the certificates of the mesh.'),
  SHUTDOWN_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Time between going unready and refusing new work, for balancers to notice.'),
  SHUTDOWN_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(25_000)
    .describe('Time that work in hand gets to finish.'),
}) {}

/** The process's config, with the checks that span several values. */
export function readProcessConfig(environment: Environment): ProcessConfig {
  const config = readConfig(ProcessConfig, environment);
  const problems: string[] = [];
  if (config.NODE_ENV === 'production' && config.ALLOW_EMBEDDED === 'off') {
    const embedded = (['DATABASE_URL', 'KEY_VALUE_URL', 'EVENTS_URL'] as const).filter((key) =>
      /^(pglite|memory):/.test(config[key]),
    );
    for (const key of embedded) {
      problems.push(
        `${key} points at an embedded store, which keeps nothing safe in production: set a server, or ALLOW_EMBEDDED=on if you mean it.`,
      );
    }
  }
  const tls = [config.TLS_CERT_FILE, config.TLS_KEY_FILE, config.TLS_CA_FILE];
  if (tls.some(Boolean) && !tls.every(Boolean))
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE go together: set all or none.');
  if (problems.length > 0) throw new ConfigProblem(problems);
  return config;
}
