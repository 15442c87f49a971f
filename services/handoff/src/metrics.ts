import { metrics } from '@frontdesk/runtime';

export const handoffMetrics = metrics('handoff', (m) => ({
  requested: m.counter('requested_total', 'Handoffs that came in.', ['reason']),
  waitSeconds: m.histogram(
    'wait_seconds',
    'From the request to an agent.',
    [],
    [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600],
  ),
  desks: m.gauge('desks', 'Desks that are connected now.'),
}));
