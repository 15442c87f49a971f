/** A hub on the loopback: serves files with `Range`, and fails as it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered instead of properly. */
export type Fault =
  | { readonly breakAfter: number }
  | { readonly status: number }
  | { readonly redirectTo: string }
  | 'silent'
  | 'ignores range'
  | 'answers another range';

export interface HubServer extends AsyncDisposable {
  readonly url: string;
  /** By path, e.g. `/owner/name/resolve/<revision>/model.onnx`. */
  readonly files: Map<string, Uint8Array>;
  /** The next requests get these, one each; `always` all that follow. */
  readonly faults: Fault[];
  always?: Fault;
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
}

export async function startHub(): Promise<HubServer> {
  const server = createServer((request, response) => answer(hub, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: HubServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: new Map(),
    faults: [],
    requests: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;
}

function answer(hub: HubServer, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  const { range } = request.headers;
  hub.requests.push({ path, range });
  const fault = hub.faults.shift() ?? hub.always;
  if (fault === 'silent') return;
  if (typeof fault === 'object' && 'status' in fault) return void response.writeHead(fault.status).end('no');
  if (typeof fault === 'object' && 'redirectTo' in fault) {
    return void response.writeHead(302, { location: `${fault.redirectTo}${path}` }).end();
  }
  const file = hub.files.get(path);
  if (!file) return void response.writeHead(404).end();
  let from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (fault === 'ignores range') from = 0;
  if (fault === 'answers another range') from += 1;
  if (from >= file.length) return void response.writeHead(416).end();
  const body = file.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
  });
  if (typeof fault !== 'object') return void response.end(body);
  response.write(body.subarray(0, fault.breakAfter), () => setTimeout(() => response.destroy(), 20));
}
