/** Several nlu processes on one PostgreSQL and one Redis, each with a client of its own. */
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { newId, runInContext } from '@frontdesk/core';
import { grpcClient, type RpcClient } from '@frontdesk/rpc';
import { freshDatabase } from '@frontdesk/testing/servers';
import { build } from './build.js';
import { freePort } from './free-port.js';
import { calm, type Environment } from './mesh-under-test.js';
import { ServiceProcess } from './service-process.js';

export interface Replica {
  readonly process: ServiceProcess;
  readonly client: RpcClient<typeof NluService>;
}

export class NluReplicas {
  private constructor(
    readonly replicas: readonly Replica[],
    private readonly belongings: AsyncDisposableStack,
  ) {}

  static async start(size: number, environment: Environment): Promise<NluReplicas> {
    await using belongings = new AsyncDisposableStack();
    build('services/nlu');
    const database = await freshDatabase();
    belongings.defer(() => database.drop());
    const replicas: Replica[] = [];
    // One after the other: the first makes the tables.
    for (let i = 0; i < size; i++) {
      const [grpcPort, adminPort] = [await freePort(), await freePort()];
      const process = new ServiceProcess(`nlu-${i + 1}`, 'nlu', {
        ...calm,
        DATABASE_URL: database.url,
        EVENTS_URL: 'memory:',
        GRPC_PORT: String(grpcPort),
        ADMIN_PORT: String(adminPort),
        ...environment,
      });
      belongings.defer(async () => void (await process.leave()));
      await process.start();
      const client = grpcClient(NluService, { address: `127.0.0.1:${grpcPort}` });
      belongings.defer(() => client[Symbol.dispose]());
      replicas.push({ process, client });
    }
    return new NluReplicas(replicas, belongings.move());
  }

  /** The one it was started with as number `index`. */
  at(index: number): Replica {
    return this.replicas[index]!;
  }

  stop(): Promise<void> {
    return this.belongings.disposeAsync();
  }
}

/** Calls as the edge would for this tenant. */
export function asTenant<T>(tenantId: string, work: () => T, deadlineMs = 5_000): T {
  return runInContext({ requestId: newId(), tenantId, deadline: Date.now() + deadlineMs }, work);
}
