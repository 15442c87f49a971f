/** One customer's message is one trace, from the edge to the queue of those who wait for a person. */
import { eventually } from '@frontdesk/testing';
import { describeWith } from '@frontdesk/testing/servers';
import { ApartMesh } from './harness/apart.js';
import { Api } from './harness/api.js';
import { Customer } from './harness/customer.js';
import type { Environment, MeshUnderTest } from './harness/mesh-under-test.js';
import { realStores } from './harness/stores.js';
import { together } from './harness/together.js';
import { TraceCollector, type Span } from './harness/trace-collector.js';

describe('all services in one process', () =>
  traceContract((environment) => together(undefined, environment)));

describeWith(['postgres', 'redis', 'kafka'], 'every service in a process of its own', (servers) =>
  traceContract(async (environment) => ApartMesh.start(await realStores(servers), { environment })),
);

function traceContract(start: (environment: Environment) => Promise<MeshUnderTest>): void {
  let collector: TraceCollector;
  let mesh: MeshUnderTest;
  beforeAll(async () => {
    collector = await TraceCollector.start();
    mesh = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  }, 180_000);
  afterAll(async () => {
    await mesh?.stop();
    await collector.stop();
  }, 60_000);

  it("spans the gateway, the turn, the leaves and the event, under the caller's trace id", async () => {
    const traceId = 'a'.repeat(31) + '1';
    const customer = await Customer.of(mesh);
    const answer = await new Api(mesh.baseUrl, mesh.keys.channel).call(
      'POST',
      `${customer.path}/messages`,
      { text: '转人工' },
      { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } },
    );
    expect(answer.body.handoff).not.toBeNull();
    expect(answer.headers.get('traceparent')).toContain(traceId);

    const wanted = [
      'POST /v1/conversations/:id/messages',
      'frontdesk.dialogue.v1.DialogueService/Ask',
      'frontdesk.nlu.v1.NluService/Analyze',
      'frontdesk.knowledge.v1.KnowledgeService/Search',
      'frontdesk.handoff.v1.HandoffService/PreviewQueue',
      'process conversation.v1',
    ];
    const spans = await eventually(
      `${wanted.join(', ')} in one trace`,
      () => {
        const found = collector.of(traceId);
        return wanted.every((name) => found.some((span) => span.name === name)) ? found : undefined;
      },
      20_000,
    );
    expect(unbrokenTo('00f067aa0ba902b7', spans)).toEqual([]);
  });
}

/** Spans from which no line of parents leads to `root`. */
function unbrokenTo(root: string, spans: readonly Span[]): Span[] {
  const parents = new Map(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  const leadsToRoot = (id: string | undefined): boolean =>
    id === root || (id !== undefined && id !== '' && leadsToRoot(parents.get(id)));
  return spans.filter(({ spanId }) => !leadsToRoot(spanId));
}
