import { metrics } from '@frontdesk/runtime';

export const gatewayMetrics = metrics('gateway', (m) => ({
  requests: m.histogram('request_seconds', 'From the first byte of a request to the last of its answer.', [
    'method',
    'route',
    'status',
  ]),
  underWay: m.gauge('requests_under_way', 'Requests being answered now, streams included; scales the tier.'),
  refused: m.counter('refused_total', 'Requests turned away before any work.', ['reason']),
  streams: m.gauge('streams', 'Watches and WebSockets that are open now.', ['kind']),
}));
