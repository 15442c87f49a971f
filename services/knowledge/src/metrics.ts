import { metrics } from '@frontdesk/runtime';

export const knowledgeMetrics = metrics('knowledge', (m) => ({
  searches: m.counter(
    'searches_total',
    'Searches, by what was found: answer (score from 0.5), evidence (from 0.2), none.',
    ['found'],
  ),
  searchSeconds: m.histogram(
    'search_seconds',
    'One search, catching up with changes included.',
    [],
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  ),
  importedRows: m.counter('imported_rows_total', 'Rows of imports, by outcome.', ['outcome']),
  passagesInMemory: m.gauge('in_memory_passages', 'Passages of all tenants held for search.'),
}));
