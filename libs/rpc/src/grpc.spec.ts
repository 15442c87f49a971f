import { GrpcHost } from './grpc-host.js';
import { grpcClient } from './grpc-client.js';
import { rpcContract } from './rpc.contract.js';

describe('gRPC', () => {
  rpcContract(async (tables) => {
    const host = new GrpcHost();
    for (const table of tables) host.serve(table);
    const port = await host.listen('127.0.0.1:0');
    const clients: Disposable[] = [];
    return {
      client: (service, options) => {
        const client = grpcClient(service, { address: `127.0.0.1:${port}`, ...options });
        clients.push(client);
        return client;
      },
      drain: async (graceMs) => {
        await host.drain(graceMs);
        for (const client of clients.splice(0)) client[Symbol.dispose]();
      },
    };
  });
});
