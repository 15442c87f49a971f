import { experimental } from '@grpc/grpc-js';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import type { AppError } from '@frontdesk/core';
import { GrpcHost } from './grpc-host.js';
import type { GrpcHostOptions } from './grpc-host.js';
import { channelOptions, grpcClient } from './grpc-client.js';
import { MethodTable } from './method-table.js';

type Nlu = ReturnType<typeof grpcClient<typeof NluService>>;

/** Pods by port, with the calls each has answered. */
const calls = new Map<number, number>();
const hosts: GrpcHost[] = [];
const clients: Disposable[] = [];

async function pod(options?: GrpcHostOptions): Promise<number> {
  const host = new GrpcHost(options);
  let port = 0;
  const analyze = async () => {
    calls.set(port, calls.get(port)! + 1);
    return {};
  };
  host.serve(new MethodTable(NluService, { analyze }));
  port = await host.listen('127.0.0.1:0');
  calls.set(port, 0);
  hosts.push(host);
  return port;
}

function connect(address: string): Nlu {
  const client = grpcClient(NluService, { address });
  clients.push(client);
  return client;
}

/** Calls until every one of the pods has answered. */
async function callUntilAnsweredBy(client: Nlu, ports: readonly number[]): Promise<void> {
  const before = new Map(calls);
  const stop = Date.now() + 20_000;
  while (!ports.every((port) => calls.get(port)! > (before.get(port) ?? 0))) {
    if (Date.now() > stop) throw new Error(`Not every pod was called: ${JSON.stringify([...calls])}`);
    await client.analyze({});
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a gRPC client', () => {
  afterEach(async () => {
    for (const client of clients.splice(0)) client[Symbol.dispose]();
    await Promise.all(hosts.splice(0).map((host) => host.drain(0)));
    calls.clear();
  });

  it('spreads its calls evenly over all pods', async () => {
    const ports = [await pod(), await pod(), await pod()];
    const client = connect(`ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`);
    await callUntilAnsweredBy(client, ports);
    ports.forEach((port) => calls.set(port, 0));
    for (let i = 0; i < 30; i++) await client.analyze({});
    expect(ports.map((port) => calls.get(port))).toEqual([10, 10, 10]);
  });

  it('fails no call when a pod drains', async () => {
    const ports = [await pod(), await pod()];
    const client = connect(`ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`);
    await callUntilAnsweredBy(client, ports);
    const drained = hosts.shift()!.drain(5_000);
    // AddFeedback is not idempotent, so nothing retries it; nobody handles it, which tells that it arrived.
    for (let i = 0; i < 50; i++)
      await expect(client.addFeedback({})).rejects.toMatchObject({ code: 'unimplemented' });
    await drained;
  });

  it('finds a new pod, because connections end by age and the name is resolved again', async () => {
    const old = await pod({ maxConnectionAgeMs: 300 });
    const pods = nameServer('pods');
    pods.addresses = [old];
    const client = connect('pods:///nlu');
    await callUntilAnsweredBy(client, [old]);
    const fresh = await pod({ maxConnectionAgeMs: 300 });
    pods.addresses = [old, fresh];
    await callUntilAnsweredBy(client, [old, fresh]);
  });

  it('balances, resolves and pings as a mesh without proxies needs', () => {
    expect(channelOptions()).toMatchObject({
      'grpc.service_config': '{"loadBalancingConfig":[{"round_robin":{}}]}',
      'grpc.service_config_disable_resolution': 1,
      'grpc.dns_min_time_between_resolutions_ms': 5_000,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
  });

  it('names no address when nobody answers, except to the log', async () => {
    const error = (await connect('127.0.0.1:1')
      .addFeedback({})
      .catch((thrown: unknown) => thrown)) as AppError;
    expect(error).toMatchObject({ code: 'unavailable', message: expect.not.stringContaining('127') });
    expect(String(error.cause)).toContain('127.0.0.1:1');
  });
});

/** A stand-in for DNS: resolves any `<scheme>:///…` to the addresses of the moment. */
function nameServer(scheme: string): { addresses: number[] } {
  const server = { addresses: [] as number[] };
  experimental.registerResolver(
    scheme,
    class {
      static getDefaultAuthority = () => 'localhost';

      constructor(
        _target: unknown,
        private readonly listener: (
          endpoints: unknown,
          attributes: object,
          config: null,
          note: string,
        ) => boolean,
      ) {}

      updateResolution(): void {
        const value = server.addresses.map((port) => ({ addresses: [{ host: '127.0.0.1', port }] }));
        setImmediate(() => this.listener({ ok: true, value }, {}, null, ''));
      }

      destroy(): void {}
    } as never,
  );
  return server;
}
