/** An OpenTelemetry collector that only remembers: OTLP over HTTP with protobuf, as far as a trace's shape needs it. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BinaryReader } from '@bufbuild/protobuf/wire';

export interface Span {
  /** Of the process, e.g. `frontdesk-dialogue`. */
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty at the root. */
  readonly parentSpanId: string;
}

export class TraceCollector {
  readonly spans: Span[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer((request, response) => {
      void collector.take(request).then(() => response.end());
    });
    const collector = new TraceCollector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  of(traceId: string): Span[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async take(request: IncomingMessage): Promise<void> {
    this.spans.push(...spansOf(Buffer.concat(await request.toArray())));
  }
}

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto and its neighbours. */
function spansOf(exported: Uint8Array): Span[] {
  return submessages(exported, 1).flatMap((resourceSpans) => {
    const [resource] = submessages(resourceSpans, 1);
    const service = submessages(resource!, 1)
      .map((attribute) => ({
        key: text(attribute, 1),
        value: submessages(attribute, 2).map((value) => text(value, 1))[0] ?? '',
      }))
      .find(({ key }) => key === 'service.name')!.value;
    const scopes = submessages(resourceSpans, 2);
    return scopes
      .flatMap((scope) => submessages(scope, 2))
      .map((span) => ({
        service,
        name: text(span, 5),
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
      }));
  });
}

const text = (message: Uint8Array, field: number): string =>
  Buffer.concat(submessages(message, field)).toString();
const hex = (message: Uint8Array, field: number): string =>
  Buffer.concat(submessages(message, field)).toString('hex');

/** All length-delimited values of one field. */
function submessages(message: Uint8Array, wanted: number): Uint8Array[] {
  const lengthDelimited = 2;
  const reader = new BinaryReader(message);
  const values: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === lengthDelimited) values.push(reader.bytes());
    else reader.skip(type, field);
  }
  return values;
}
