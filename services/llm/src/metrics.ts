import { metrics } from '@frontdesk/runtime';

export const llmMetrics = metrics('llm', (m) => ({
  pending: m.gauge('pending_requests', 'Answers being written or waited for.'),
  tokens: m.counter('tokens_total', 'Tokens read and written, as the engines count them.', [
    'model',
    'direction',
  ]),
  firstTokenSeconds: m.histogram('first_token_seconds', 'From the request to the first token.', ['engine']),
  failures: m.counter('failures_total', 'Engines that refused, were too slow or broke off.', [
    'engine',
    'code',
  ]),
}));
