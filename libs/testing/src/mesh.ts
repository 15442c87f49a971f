/**
 * Services of the mesh in a test, as `serve` would run them in one process: real modules, real (embedded) database,
 * real events, calls through the in-process network. What a service calls and the test does not start is faked by
 * implementations that stand on the same network.
 */
import type { DescService } from '@bufbuild/protobuf';
import { newId, runInContext, type Principal } from '@frontdesk/core';
import {
  inProcessClient,
  InProcessNetwork,
  MethodTable,
  type RpcClient,
  type ServiceImplementation,
} from '@frontdesk/rpc';
import { MeshProcess, type LogSink, type Service } from '@frontdesk/runtime';

/** Stands in for a service that is not started. */
export interface Fake {
  readonly service: DescService;
  readonly implementation: object;
}

export function fake<S extends DescService>(service: S, implementation: ServiceImplementation<S>): Fake {
  return { service, implementation };
}

export interface MeshOptions {
  readonly fakes?: readonly Fake[];
  /** Added to, and stronger than, the embedded defaults. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Log lines are dropped unless a sink is given. */
  readonly logSink?: LogSink;
}

export interface Caller {
  readonly tenantId: string;
  readonly principal?: Principal;
  readonly deadline?: number;
}

const embedded = {
  NODE_ENV: 'test',
  BIND_HOST: '127.0.0.1',
  PORT: '0',
  GRPC_PORT: '0',
  ADMIN_PORT: '0',
  DATABASE_URL: 'pglite:memory',
  KEY_VALUE_URL: 'memory:',
  EVENTS_URL: 'memory:',
} as const;

export class TestMesh {
  private constructor(
    readonly process: MeshProcess,
    private readonly network: InProcessNetwork,
  ) {}

  static async start(services: readonly Service[], options: MeshOptions): Promise<TestMesh> {
    const network = new InProcessNetwork();
    for (const { service, implementation } of options.fakes ?? [])
      network.serve(new MethodTable(service, implementation));
    const environment = {
      ...embedded,
      LOG_LEVEL: options.logSink ? 'debug' : 'silent',
      // Tests that are about encoders say so; the others are the same with and without model files.
      NLU_ENCODER: 'lexical',
      ...options.environment,
    };
    const process = await MeshProcess.start(services, {
      environment,
      network,
      ...(options.logSink && { logSink: options.logSink }),
    });
    return new TestMesh(process, network);
  }

  /** A client of any service on the network, started or faked. */
  client<S extends DescService>(service: S): RpcClient<S> {
    return inProcessClient(service, this.network);
  }

  /** Runs `work` as the edge would after it checked a credential. */
  as<T>(caller: Caller, work: () => T): T {
    return runInContext({ requestId: newId(), ...caller }, work);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Starts services for a test; call `stop()` in `afterAll`. */
export function startMesh(services: readonly Service[], options: MeshOptions = {}): Promise<TestMesh> {
  return TestMesh.start(services, options);
}

/** Asks until `check` gives something truthy; throws what it was still missing after `limitMs`. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T> | T,
  limitMs = 30_000,
): Promise<NonNullable<T>> {
  const until = Date.now() + limitMs;
  for (;;) {
    const result = await check();
    if (result) return result as NonNullable<T>;
    if (Date.now() > until) throw new Error(`Still not after ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
