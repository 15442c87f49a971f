/**
 * The request context as call metadata. These five names are all that crosses a call besides the message; what
 * else the caller keeps in its async context stays behind, in one process as between two.
 *
 *   fd-tenant        tenant id
 *   fd-principal     kind:id, e.g. `channel:key_7`
 *   fd-conversation  conversation id
 *   x-request-id     request id
 *   traceparent      W3C trace context, written by the OpenTelemetry propagator (telemetry.ts)
 *
 * Values are percent-encoded, since metadata is ASCII. The deadline travels as the transport's own timeout.
 */
import { AppError, newId } from '@frontdesk/core';
import type { Principal, PrincipalKind, RequestContext } from '@frontdesk/core';

/** Lower-case names to ASCII values. */
export type Headers = Record<string, string>;

export type Identity = Pick<RequestContext, 'requestId' | 'tenantId' | 'principal' | 'conversationId'>;

export function writeContext(context: RequestContext, headers: Headers): void {
  headers['x-request-id'] = encodeURIComponent(context.requestId);
  if (context.tenantId) headers['fd-tenant'] = encodeURIComponent(context.tenantId);
  if (context.principal) headers['fd-principal'] = writePrincipal(context.principal);
  if (context.conversationId) headers['fd-conversation'] = encodeURIComponent(context.conversationId);
}

/** The caller's identity as its metadata tells it; only for callers inside the mesh. */
export function readContext(header: (name: string) => string | undefined): Identity {
  const tenant = header('fd-tenant');
  const principal = header('fd-principal');
  const conversation = header('fd-conversation');
  return {
    requestId: decodeValue(header('x-request-id') ?? newId()),
    ...(tenant ? { tenantId: decodeValue(tenant) } : {}),
    ...(principal ? { principal: readPrincipal(principal) } : {}),
    ...(conversation ? { conversationId: decodeValue(conversation) } : {}),
  };
}

/** Adds what a caller passes in `CallOptions.metadata`. Throws `invalid_argument` where gRPC could not carry it. */
export function writeExtra(extra: Readonly<Record<string, string>>, headers: Headers): void {
  for (const [name, value] of Object.entries(extra)) {
    if (!/^[a-z0-9_.-]+$/.test(name) || name.endsWith('-bin') || !/^[ -~]*$/.test(value)) {
      throw new AppError(
        'invalid_argument',
        `Metadata ${JSON.stringify(name)} cannot be sent: names are lower case, values printable ASCII.`,
      );
    }
    headers[name] = value;
  }
}

function writePrincipal(principal: Principal): string {
  return `${principal.kind}:${encodeURIComponent(principal.id)}`;
}

function readPrincipal(value: string): Principal {
  const [kind = '', id = ''] = value.split(':', 2);
  return { kind: kind as PrincipalKind, id: decodeValue(id) };
}

/** What was not written here, say by an ingress that makes request ids, may not be encoded: it is taken as it is. */
function decodeValue(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
