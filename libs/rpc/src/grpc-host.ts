/**
 * One gRPC port for any number of services. Promises: streams no faster than their readers, cancellation passed on,
 * health and reflection for stock tools, connections that end in time for the load to spread to new pods, and a
 * drain that lets live calls finish.
 */
import { Server, ServerCredentials, logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, UntypedHandleCall, sendUnaryData } from '@grpc/grpc-js';
import type { DescMethod } from '@bufbuild/protobuf';
import { HealthImplementation } from 'grpc-health-check';
import { addReflection } from './grpc-reflection.js';
import { toStatus } from './grpc-status.js';
import { TlsServerCredentials } from './grpc-tls.js';
import type { TlsFiles } from './grpc-tls.js';
import { asBuffer, methodDefinition } from './grpc-wire.js';
import type { MethodTable } from './method-table.js';
import type { IncomingCall } from './server-call.js';

// What goes wrong reaches us as errors; lines of the library's own would stand between our JSON lines.
setLogVerbosity(logVerbosity.NONE);

export interface GrpcHostOptions {
  /** Absent: plain text, for one machine or a mesh that encrypts by itself. */
  readonly tls?: TlsFiles;
  /** Clients reconnect after this long, ±10 %, and so find new pods. Default 60 000. */
  readonly maxConnectionAgeMs?: number;
  /** Streams older than this end with their connection: at least the longest stream. Default 300 000. */
  readonly maxConnectionAgeGraceMs?: number;
}

export class GrpcHost {
  private readonly server: Server;
  private readonly credentials: ServerCredentials;
  private readonly health = new HealthImplementation({ '': 'NOT_SERVING' });
  private readonly tables: MethodTable[] = [];

  constructor(options: GrpcHostOptions = {}) {
    this.credentials = options.tls
      ? new TlsServerCredentials(options.tls)
      : ServerCredentials.createInsecure();
    this.server = new Server({
      'grpc.max_connection_age_ms': options.maxConnectionAgeMs ?? 60_000,
      'grpc.max_connection_age_grace_ms': options.maxConnectionAgeGraceMs ?? 300_000,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
  }

  /** Offers a service; before `listen`. */
  serve(table: MethodTable): void {
    const { methods, typeName } = table.service;
    this.server.addService(
      Object.fromEntries(methods.map((method) => [method.name, methodDefinition(method)])),
      Object.fromEntries(methods.map((method) => [method.name, handlerOf(table, method)])),
    );
    this.health.setStatus(typeName, 'NOT_SERVING');
    this.tables.push(table);
  }

  /**
   * Opens the port, e.g. `0.0.0.0:50051` or `127.0.0.1:0`, and returns its number. Rejects with an error like
   * node:net's, `{ code: 'EADDRINUSE', port }`, when another program has it.
   */
  listen(address: string): Promise<number> {
    this.health.addToServer(this.server);
    addReflection(
      this.server,
      this.tables.map((table) => table.service),
    );
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, this.credentials, (error, port) =>
        error ? reject(bindFailure(error, address)) : resolve(port),
      );
    });
  }

  /** What grpc.health.v1 answers, for each service and for the whole (`''`); not serving until said otherwise. */
  setServing(serving: boolean): void {
    const status = serving ? 'SERVING' : 'NOT_SERVING';
    for (const name of ['', ...this.tables.map((table) => table.service.typeName)])
      this.health.setStatus(name, status);
  }

  /** Stops accepting, lets live calls finish, and breaks off what is left after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.setServing(false);
    const force = setTimeout(() => this.server.forceShutdown(), graceMs);
    await new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    clearTimeout(force);
    if (this.credentials instanceof TlsServerCredentials) this.credentials.stopWatching();
  }
}

function handlerOf(table: MethodTable, method: DescMethod): UntypedHandleCall {
  return method.methodKind === 'unary' ? unaryHandler(table, method) : streamHandler(table, method);
}

function unaryHandler(table: MethodTable, method: DescMethod) {
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    const open = table.open(method, received(call));
    call.once('cancelled', () => open.cancel());
    open.unary(call.request).then(
      (response) => answer(null, asBuffer(response)),
      (error: unknown) => answer(toStatus(error)),
    );
  };
}

function streamHandler(table: MethodTable, method: DescMethod) {
  return async (call: ServerWritableStream<Buffer, Buffer>): Promise<void> => {
    const open = table.open(method, received(call));
    call.once('cancelled', () => open.cancel());
    try {
      for await (const response of open.stream(call.request)) {
        if (!call.write(asBuffer(response))) await writableAgain(call);
        if (call.cancelled) return;
      }
      call.end();
    } catch (error) {
      call.emit('error', toStatus(error));
    }
  };
}

function received(
  call: ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>,
): IncomingCall {
  const headers = call.metadata.getMap();
  const deadline = Number(call.getDeadline());
  return {
    header: (name) => headers[name] as string | undefined,
    headers: () =>
      Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ...(Number.isFinite(deadline) ? { deadline } : {}),
  };
}

/** Resolves when the reader has caught up or left. */
function writableAgain(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done).off('cancelled', done);
      resolve();
    };
    call.on('drain', done).on('cancelled', done);
  });
}

/** The library tells the reason in words only. */
function bindFailure(error: Error, address: string): Error {
  if (!error.message.includes('EADDRINUSE')) return error;
  const port = Number(address.split(':').at(-1));
  return Object.assign(new Error(`Port ${port} is in use.`, { cause: error }), { code: 'EADDRINUSE', port });
}
