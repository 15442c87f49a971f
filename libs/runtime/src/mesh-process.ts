/**
 * Some services of the mesh in one process: opens what they share, starts callees before callers, joins them by the
 * in-process network or by gRPC, and stops in reverse. No service can tell which others are here.
 */
import type { DescService } from '@bufbuild/protobuf';
import { openEventBus, type EventBus } from '@frontdesk/events';
import {
  GrpcHost,
  grpcClient,
  inProcessClient,
  InProcessNetwork,
  type RpcObserver,
  type TlsFiles,
} from '@frontdesk/rpc';
import { openKeyValue, type KeyValue } from '@frontdesk/store';
import { startAdmin, type Admin, type Readiness } from './admin.js';
import { ConfigProblem, readConfig, type Environment } from './config.js';
import { inCallOrder, ownerOf, type Service } from './define-service.js';
import { Lookout } from './lookout.js';
import { openLog, type Log, type LogSink } from './log.js';
import { collectProcessMetrics } from './metrics.js';
import { readProcessConfig, type ProcessConfig } from './process-config.js';
import { observeCalls } from './rpc-metrics.js';
import { ServiceHost } from './service-host.js';
import { startTelemetry } from './telemetry.js';

export interface StartOptions {
  readonly environment: Environment;
  /** Where callees of the same process are found; tests put their own implementations on it first. */
  readonly network?: InProcessNetwork;
  /** Where log lines go; stdout when absent. */
  readonly logSink?: LogSink;
}

type State = 'starting' | 'ready' | 'stopping';

export class MeshProcess {
  private readonly hosts: ServiceHost[] = [];
  private readonly clients: Disposable[] = [];
  private readonly network: InProcessNetwork;
  private readonly observer: RpcObserver;
  private readonly grpc: GrpcHost;
  private readonly tls: TlsFiles | undefined;
  private state: State = 'starting';
  private keyValue!: KeyValue;
  bus!: EventBus;
  private admin!: Admin;
  private readonly databases = new Lookout(() =>
    Object.fromEntries(this.hosts.map((host) => [`${host.service.name} database`, () => host.ping()])),
  );
  private readonly courtesies = new Lookout(() => ({
    'key-value': () => this.keyValue.ping(),
    events: () => this.bus.ping(),
  }));
  private stopTelemetry: () => Promise<void> = async () => undefined;
  private stopped: Promise<void> | undefined;
  grpcPort = 0;

  private constructor(
    private readonly services: readonly Service[],
    private readonly config: ProcessConfig,
    readonly log: Log,
    private readonly options: StartOptions,
  ) {
    this.network = options.network ?? new InProcessNetwork();
    this.observer = observeCalls(log);
    const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CA_FILE: ca } = config;
    this.tls = cert && key && ca ? { cert, key, ca } : undefined;
    this.grpc = new GrpcHost(this.tls && { tls: this.tls });
  }

  /** Resolves when every service takes work. Throws `ConfigProblem`, or whatever kept a service from starting. */
  static async start(services: readonly Service[], options: StartOptions): Promise<MeshProcess> {
    const { process: config, services: configs } = readMeshConfig(services, options.environment);
    const name = services.length === 1 ? services[0]!.name : 'mesh';
    const started = new MeshProcess(
      inCallOrder(services),
      config,
      openLog(name, config.LOG_LEVEL, options.logSink),
      options,
    );
    try {
      await started.open(name, configs);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  get adminPort(): number {
    return this.admin.port;
  }

  host(name: string): ServiceHost {
    const host = this.hosts.find((candidate) => candidate.service.name === name);
    if (!host) throw new Error(`${name} does not run in this process`);
    return host;
  }

  /** Unready, refuse new work, finish what is in hand, close in reverse. Safe to call twice. */
  stop(): Promise<void> {
    return (this.stopped ??= this.shutDown());
  }

  private async open(name: string, configs: ReadonlyMap<Service, object>): Promise<void> {
    const { config } = this;
    if (config.OTEL_EXPORTER_OTLP_ENDPOINT)
      this.stopTelemetry = startTelemetry(`frontdesk-${name}`, config.OTEL_EXPORTER_OTLP_ENDPOINT);
    collectProcessMetrics();
    this.admin = await startAdmin(config.ADMIN_PORT, config.BIND_HOST, () => this.readiness());
    this.keyValue = await openKeyValue(config.KEY_VALUE_URL);
    this.bus = await openEventBus(config.EVENTS_URL, { log: this.log });

    for (const service of this.services) {
      const host = await ServiceHost.start(service, configs.get(service)!, {
        databaseUrl: config.DATABASE_URL,
        poolSize: config.DATABASE_POOL_SIZE,
        keyValue: this.keyValue,
        bus: this.bus,
        log: this.log,
        observer: this.observer,
        bindHost: config.BIND_HOST,
        clientOf: (contract) => this.clientOf(contract),
      });
      this.hosts.push(host);
      for (const table of host.tables) this.network.serve(table);
    }
    await this.listen();
    await Promise.all(this.hosts.map((host) => host.subscribe()));
    for (const host of this.hosts) host.publish();
    this.state = 'ready';
    this.grpc.setServing(true);
    this.log.info('Ready', { services: this.services.length, port: this.grpcPort });
  }

  /** Where strangers can come in, only the edge is bound: a leaf believes the tenant that its caller names. */
  private async listen(): Promise<void> {
    const edge = this.hosts.filter((host) => host.service.http);
    for (const host of edge.length > 0 ? edge : this.hosts) {
      for (const table of host.tables) this.grpc.serve(table);
    }
    this.grpcPort = await this.grpc.listen(`${this.config.BIND_HOST}:${this.config.GRPC_PORT}`);
  }

  private clientOf(contract: DescService): unknown {
    const owner = ownerOf(contract);
    const local = this.network.serves(contract) || this.services.some((service) => service.name === owner);
    if (local) return inProcessClient(contract, this.network, { observer: this.observer });

    const address = this.options.environment[addressVariable(owner)] ?? `${owner}:9090`;
    const client = grpcClient(contract, {
      address,
      observer: this.observer,
      ...(this.tls && { tls: this.tls }),
    });
    this.clients.push(client);
    return client;
  }

  private async readiness(): Promise<Readiness> {
    if (this.state !== 'ready') return { ready: false, checks: { process: this.state } };
    // The chat goes on without these two: they are told, but neither waited for nor held against the process.
    void this.courtesies.look();
    const { ready, checks } = await this.databases.look();
    return { ready, checks: { ...checks, ...this.courtesies.last.checks } };
  }

  private async shutDown(): Promise<void> {
    const wasReady = this.state === 'ready';
    this.state = 'stopping';
    if (wasReady) await new Promise((resolve) => setTimeout(resolve, this.config.SHUTDOWN_DELAY_MS));
    await this.grpc.drain(this.config.SHUTDOWN_GRACE_MS);
    for (const host of this.hosts.toReversed()) await host.stop();
    for (const client of this.clients) client[Symbol.dispose]();
    await this.bus?.close();
    await this.keyValue?.close();
    await this.admin?.close();
    await this.stopTelemetry();
  }
}

/** The variable that says where a callee of another process listens, e.g. `NLU_ADDRESS=dns:///nlu:9090`. */
export function addressVariable(service: string): string {
  return `${service.toUpperCase()}_ADDRESS`;
}

/** The whole configuration of a process. Throws one `ConfigProblem` that names everything wrong at once. */
export function readMeshConfig(
  services: readonly Service[],
  environment: Environment,
): { process: ProcessConfig; services: Map<Service, object> } {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const process = attempt(() => readProcessConfig(environment));
  const configs = new Map(
    services.map((service) => [service, attempt(() => readConfig(service.config, environment))!]),
  );
  if (problems.length > 0 || !process) throw new ConfigProblem(problems);
  return { process, services: configs };
}
