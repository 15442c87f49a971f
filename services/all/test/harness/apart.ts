/** Each service a process of its own, joined by gRPC, PostgreSQL, Redis and Kafka. */
import { addressVariable } from '@frontdesk/runtime';
import { mesh } from '../../src/index.js';
import { build } from './build.js';
import { DemoShop } from './demo-shop.js';
import { freePort } from './free-port.js';
import { calm, type AllKeys, type Environment, type MeshUnderTest } from './mesh-under-test.js';
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
    private readonly belongings: AsyncDisposableStack,
  ) {}

  /** Closes `stores` with the mesh, or at once where the mesh does not start. */
  static async start(stores: Stores, options: ApartOptions = {}): Promise<ApartMesh> {
    await using belongings = new AsyncDisposableStack();
    belongings.defer(() => stores.close());
    build();
    const shop = belongings.adopt(await DemoShop.open(), (opened) => opened.close());
    const places = await allot(options.replicas ?? {});
    const httpPort = await freePort();
    const environment = {
      ...calm,
      PORT: String(httpPort),
      ...addressesOf(places),
      ...stores.environment,
      ...shop.environment,
      ...options.environment,
    };
    const processes = places.map(
      ({ name, service, grpcPort, adminPort }) =>
        new ServiceProcess(name, service, {
          ...environment,
          GRPC_PORT: String(grpcPort),
          ADMIN_PORT: String(adminPort),
        }),
    );
    belongings.defer(async () => {
      await Promise.all(processes.map((process) => process.leave()));
    });
    await Promise.all(processes.map((process) => process.start()));
    const baseUrl = `http://127.0.0.1:${httpPort}`;
    const keys = await shop.fill(baseUrl);
    const grpcAddress = `127.0.0.1:${places.find(({ name }) => name === 'gateway')!.grpcPort}`;
    return new ApartMesh(baseUrl, grpcAddress, keys, processes, belongings.move());
  }

  process(name: string): ServiceProcess {
    const process = this.processes.find((candidate) => candidate.name === name);
    if (!process) throw new Error(`The mesh has no process ${name}`);
    return process;
  }

  /** Events that no process has published yet, by the metrics of all. */
  async waitingEvents(): Promise<number> {
    const waiting = await Promise.all(
      this.processes.map((process) => process.metric('frontdesk_events_outbox_waiting')),
    );
    return waiting.reduce((sum, count) => sum + count, 0);
  }

  stop(): Promise<void> {
    return this.belongings.disposeAsync();
  }
}

/** Where one process of a service listens. */
interface Place {
  readonly name: string;
  readonly service: string;
  readonly grpcPort: number;
  readonly adminPort: number;
}

function allot(replicas: Readonly<Record<string, number>>): Promise<Place[]> {
  const named = mesh.flatMap(({ name: service }) =>
    Array.from({ length: replicas[service] ?? 1 }, (_, index) => ({
      name: index === 0 ? service : `${service}-${index + 1}`,
      service,
    })),
  );
  return Promise.all(
    named.map(async (place) => ({ ...place, grpcPort: await freePort(), adminPort: await freePort() })),
  );
}

/** `DIALOGUE_ADDRESS=ipv4:127.0.0.1:15001,127.0.0.1:15002` and its like. */
function addressesOf(places: readonly Place[]): Environment {
  return Object.fromEntries(
    mesh.map(({ name }) => {
      const addresses = places
        .filter(({ service }) => service === name)
        .map(({ grpcPort }) => `127.0.0.1:${grpcPort}`);
      return [addressVariable(name), `ipv4:${addresses.join(',')}`];
    }),
  );
}
