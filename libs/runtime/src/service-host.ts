/**
 * One service inside a process: its own Nest context with everything the mesh provides (database, key-value store,
 * outbox, log, config, clients), its event consumers and its relay. Knows nothing of ports and signals.
 */
import { Module, type DynamicModule, type INestApplicationContext, type Provider } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import {
  consumedTopic,
  Outbox,
  OutboxRelay,
  startConsumers,
  eventMigrations,
  type Consumption,
  type EventBus,
  type EventConsumer,
} from '@frontdesk/events';
import { rpcClientToken, RpcServer, type MethodTable, type RpcObserver } from '@frontdesk/rpc';
import { Database, KeyValue, openDatabase } from '@frontdesk/store';
import type { DescService } from '@bufbuild/protobuf';
import type { Service } from './define-service.js';
import { eventMetrics } from './event-metrics.js';
import { Log } from './log.js';
import { NestLog } from './nest-log.js';

@Module({})
class Provided {}

export interface Surroundings {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly keyValue: KeyValue;
  readonly bus: EventBus;
  readonly log: Log;
  readonly observer: RpcObserver;
  readonly bindHost: string;
  clientOf(contract: DescService): unknown;
}

export class ServiceHost {
  private consumption: Consumption | undefined;

  private constructor(
    readonly service: Service,
    readonly tables: readonly MethodTable[],
    private readonly app: INestApplicationContext,
    private readonly database: Database | undefined,
    private readonly relay: OutboxRelay | undefined,
    private readonly around: Surroundings,
  ) {}

  /** Builds the service up to the point where its methods can be called; it consumes no events yet. */
  static async start(service: Service, config: object, around: Surroundings): Promise<ServiceHost> {
    const usesEvents = service.publishes.length + service.subscribes.length > 0;
    const database = service.migrations
      ? await openDatabase({
          url: around.databaseUrl,
          service: service.name,
          migrations: usesEvents ? [eventMigrations, service.migrations] : [service.migrations],
          poolSize: around.poolSize,
        })
      : undefined;
    const relay =
      database && service.publishes.length > 0
        ? new OutboxRelay(database, around.bus, around.log)
        : undefined;

    const providers: Provider[] = [
      { provide: service.config, useValue: config },
      { provide: KeyValue, useValue: around.keyValue },
      { provide: Log, useValue: around.log },
      ...(database ? [{ provide: Database, useValue: database }] : []),
      ...(relay ? [{ provide: Outbox, useValue: new Outbox(relay) }] : []),
      ...service.calls.map((contract) => ({
        provide: rpcClientToken(contract),
        useValue: around.clientOf(contract),
      })),
    ];
    const root: DynamicModule = {
      module: class Root {},
      imports: [
        {
          module: Provided,
          global: true,
          providers,
          exports: providers.map((provider) => (provider as { provide: string }).provide),
        },
        service.module,
      ],
    };
    const server = new RpcServer(service.serves, {
      observer: around.observer,
      trust: service.http ? 'edge' : 'mesh',
    });
    const logger = new NestLog(around.log);

    if (service.http) {
      const app = await NestFactory.create(root, service.http.adapter(config), {
        logger,
        abortOnError: false,
      });
      app.connectMicroservice({ strategy: server }, { inheritAppConfig: true });
      await app.startAllMicroservices();
      await service.http.configure(app, config);
      await app.listen(service.http.port(config), around.bindHost);
      return new ServiceHost(service, server.tables, app, database, relay, around);
    }
    const app = await NestFactory.createMicroservice(root, { strategy: server, logger, abortOnError: false });
    await app.listen();
    return new ServiceHost(service, server.tables, app, database, relay, around);
  }

  /** Takes part in events, as a subscriber. Every service of a process subscribes before any of them publishes. */
  async subscribe(): Promise<void> {
    if (!this.database || this.service.subscribes.length === 0) return;
    this.consumption = await startConsumers({
      service: this.service.name,
      bus: this.around.bus,
      db: this.database,
      consumers: this.consumers(),
      log: this.around.log,
      observe: ({ topic, outcome, seconds }) =>
        eventMetrics.seconds.observe({ service: this.service.name, topic, outcome }, seconds),
    });
  }

  /** Sends what the outbox holds, and from now on whatever comes in. */
  publish(): void {
    const { relay, service } = this;
    if (!relay) return;
    relay.start();
    eventMetrics.waiting.watch(service.name, () => relay.pending());
  }

  async ping(): Promise<void> {
    await this.database?.ping();
  }

  /** Stops taking events, then closes the context (HTTP answers what it has in hand), then sends what the outbox still holds. */
  async stop(): Promise<void> {
    await this.consumption?.stop();
    await this.app.close();
    eventMetrics.waiting.forget(this.service.name);
    await this.relay?.stop();
    await this.database?.close();
  }

  /** Resolves an instance of the service's module; for tests and commands. */
  get<T>(token: abstract new (...dependencies: never[]) => T): T {
    return this.app.get(token as never, { strict: false });
  }

  private consumers(): EventConsumer[] {
    const instances = [...this.app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.providers.values()])
      .map((wrapper) => wrapper.instance as object | undefined)
      .filter((instance) => instance && consumedTopic(instance.constructor)) as EventConsumer[];
    const found = new Set(instances);
    for (const topic of this.service.subscribes) {
      if (![...found].some((consumer) => consumedTopic(consumer.constructor) === topic)) {
        throw new Error(
          `${this.service.name} subscribes to ${topic.name}, but its module provides no consumer of it`,
        );
      }
    }
    return [...found];
  }
}
