import type { IncomingHttpHeaders } from 'node:http';

const subprotocol = /(?:^|,)\s*bearer\.([\w.~-]+)\s*(?:,|$)/;

/**
 * The credential of a request as an Authorization header. A browser's WebSocket can send no such header, so there it
 * may stand among the subprotocols: `new WebSocket(url, ['frontdesk.v1', 'bearer.<key>'])`.
 */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, upgrade } = headers;
  if (authorization !== undefined || upgrade === undefined) return authorization;
  const credential = subprotocol.exec(headers['sec-websocket-protocol'] ?? '')?.[1];
  return credential && `Bearer ${credential}`;
}
