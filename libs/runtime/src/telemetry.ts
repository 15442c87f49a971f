/**
 * Traces, when `OTEL_EXPORTER_OTLP_ENDPOINT` says where they go. Spans are made by hand at the seams (HTTP, RPC,
 * events) through the OpenTelemetry API, so no module is patched and nothing is paid when tracing is off.
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';

/** Starts tracing; call the result to flush and stop. */
export function startTelemetry(name: string, endpoint: string): () => Promise<void> {
  const exporter = new OTLPTraceExporter({
    url: new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href,
  });
  const sdk = new NodeSDK({
    serviceName: name,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  return () => sdk.shutdown();
}
