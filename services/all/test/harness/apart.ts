/** Each service a process of its own, joined by gRPC, PostgreSQL, Redis and Kafka. */
import { ownerOf } from '@frontdesk/runtime';
import { mesh } from '../../src/index.js';
import { build } from './build.js';
import { DemoShop } from './demo-shop.js';
import { freePort } from './free-port.js';
import type { AllKeys, Environment, MeshUnderTest } from './mesh-under-test.js';
import { ServiceProcess } from './service-process.js';
import type { Stores } from './stores.js';

export interface ApartOptions {
  /** For every service. */
  readonly environment?: Environment;
  /** How many processes a service has, where it is more than one. Named `dialogue`, `dialogue-2`, … */
  readonly replicas?: Readonly<Record<string, number>>;
}

export class ApartMesh implements MeshUnderTest {
  private constructor(
    readonly baseUrl: string,
    readonly grpcAddress: string,
    readonly keys: AllKeys,
    private readonly processes: readonly ServiceProcess[],
    private readonly close: () => Promise<void>,
  ) {}

  /** Closes `stores` with the mesh. */
  static async start(stores: Stores, options: ApartOptions = {}): Promise<ApartMesh> {
    build();
    const shop = await DemoShop.open();
    const port = await freePort();
    const replicas = await Promise.all(
      mesh.flatMap(({ name }) =>
        Array.from({ length: options.replicas?.[name] ?? 1 }, async (_, index) => ({
          name: index === 0 ? name : `${name}-${index + 1}`,
          service: name,
          grpcPort: await freePort(),
          adminPort: await freePort(),
        })),
      ),
    );
    const addressOf = (owner: string): string =>
      `ipv4:${replicas
        .filter(({ service }) => service === owner)
        .map(({ grpcPort }) => `127.0.0.1:${grpcPort}`)
        .join(',')}`;
    const addresses = Object.fromEntries(
      mesh.flatMap(({ serves }) =>
        serves.map((contract) => [
          `${ownerOf(contract).toUpperCase()}_ADDRESS`,
          addressOf(ownerOf(contract)),
        ]),
      ),
    );
    const processes = replicas.map(
      ({ name, service, grpcPort, adminPort }) =>
        new ServiceProcess(name, service, {
          NODE_ENV: 'test',
          BIND_HOST: '127.0.0.1',
          PORT: String(port),
          GRPC_PORT: String(grpcPort),
          ADMIN_PORT: String(adminPort),
          ...addresses,
          ...stores.environment,
          ...shop.environment,
          ...options.environment,
        }),
    );
    const close = async (): Promise<void> => {
      await Promise.all(processes.map((process) => process.leave()));
      await shop.close();
      await stores.close();
    };
    try {
      await Promise.all(processes.map((process) => process.start()));
      const baseUrl = `http://127.0.0.1:${port}`;
      const gateway = replicas.find(({ service }) => service === 'gateway')!;
      const keys = await shop.fill(baseUrl);
      return new ApartMesh(baseUrl, `127.0.0.1:${gateway.grpcPort}`, keys, processes, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  process(name: string): ServiceProcess {
    const process = this.processes.find((candidate) => candidate.name === name);
    if (!process) throw new Error(`The mesh has no process ${name}`);
    return process;
  }

  stop(): Promise<void> {
    return this.close();
  }
}
