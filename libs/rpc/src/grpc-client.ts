/**
 * The transport between processes. Promises calls spread over every pod behind the name, new pods included, dead
 * connections noticed, and streams read no faster than their consumer.
 */
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import type { ChannelOptions, ServiceError } from '@grpc/grpc-js';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { rpcClient } from './client.js';
import type { ClientOptions, OutgoingCall, RpcClient, RpcTransport } from './client.js';
import { onAbort } from './failures.js';
import { fromStatus } from './grpc-status.js';
import { tlsChannelCredentials, watchTls } from './grpc-tls.js';
import type { TlsFiles } from './grpc-tls.js';
import { asBuffer, asIs, methodPath } from './grpc-wire.js';

export interface GrpcClientOptions extends ClientOptions {
  /** `host:port`, a name that resolves to every pod (headless service); or a gRPC target such as `ipv4:…`. */
  readonly address: string;
  /** Absent: plain text. */
  readonly tls?: TlsFiles;
  /** `pick_first` where a service mesh balances by itself. Default `round_robin`. */
  readonly balancing?: 'round_robin' | 'pick_first';
}

/** Connects at the first call. Dispose of it to close its connections once live calls have ended. */
export function grpcClient<S extends DescService>(
  service: S,
  options: GrpcClientOptions,
): RpcClient<S> & Disposable {
  const transport = new GrpcTransport(options);
  return Object.assign(rpcClient(service, transport, options), { [Symbol.dispose]: () => transport.close() });
}

/**
 * With grpc-js's defaults a new pod never gets a call: nothing resolves the name again while connections are
 * healthy. Servers end connections by age (GrpcHost), and these options make that enough.
 */
export function channelOptions(balancing: 'round_robin' | 'pick_first' = 'round_robin'): ChannelOptions {
  return {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [balancing]: {} }] }),
    'grpc.service_config_disable_resolution': 1,
    'grpc.dns_min_time_between_resolutions_ms': 5_000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
    // The default of 120 s would leave a restarted single pod alone for minutes.
    'grpc.max_reconnect_backoff_ms': 5_000,
  };
}

class GrpcTransport implements RpcTransport {
  private client: Client;
  private readonly stopWatching: () => void;

  constructor(private readonly options: GrpcClientOptions) {
    this.client = this.connect();
    this.stopWatching = options.tls ? watchTls(options.tls, () => this.reconnect()) : () => {};
  }

  close(): void {
    this.stopWatching();
    this.client.close();
  }

  unary(method: DescMethod, request: Uint8Array, call: OutgoingCall): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const { deadline } = call;
      const answered = (error: ServiceError | null, response?: Buffer) => {
        stopListening();
        if (error) reject(fromStatus(error));
        else resolve(response!);
      };
      const rpc = withoutStack(() =>
        this.client.makeUnaryRequest(
          methodPath(method), asIs, asIs, asBuffer(request), metadataOf(call), { deadline }, answered,
        ),
      ); // prettier-ignore
      const stopListening = onAbort(call.signals, () => rpc.cancel());
    });
  }

  async *stream(
    method: DescMethod,
    request: Uint8Array,
    call: OutgoingCall,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { deadline } = call;
    const rpc = this.client.makeServerStreamRequest(
      methodPath(method), asIs, asIs, asBuffer(request), metadataOf(call), { deadline },
    ); // prettier-ignore
    // The status of a stream that was left comes when nobody listens any more.
    rpc.on('error', () => {});
    const stopListening = onAbort(call.signals, () => rpc.cancel());
    try {
      for await (const response of rpc) yield response as Buffer;
    } catch (error) {
      throw fromStatus(error as ServiceError);
    } finally {
      stopListening();
      rpc.cancel();
    }
  }

  private connect(): Client {
    const { address, tls, balancing } = this.options;
    const target = /^(ipv4|ipv6|unix):|:\/\//.test(address) ? address : `dns:///${address}`;
    return new Client(
      target,
      tls ? tlsChannelCredentials(tls) : credentials.createInsecure(),
      channelOptions(balancing),
    );
  }

  /** Live calls stay on the old connections. */
  private reconnect(): void {
    const old = this.client;
    this.client = this.connect();
    old.close();
  }
}

function metadataOf({ headers }: OutgoingCall): Metadata {
  const metadata = new Metadata();
  for (const name in headers) metadata.set(name, headers[name]!);
  return metadata;
}

/** grpc-js notes the caller's stack for every call, which only lengthens errors and costs a sixth of the call. */
function withoutStack<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
