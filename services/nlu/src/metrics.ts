import { metrics } from '@frontdesk/runtime';

export const nluMetrics = metrics('nlu', (m) => ({
  analyses: m.counter('analyses_total', 'Utterances understood.', ['language', 'in_scope', 'tier']),
  analyzeSeconds: m.histogram(
    'analyze_seconds',
    'Understanding one utterance with a loaded model.',
    [],
    [0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.02],
  ),
  encoderLoaded: m.gauge('encoder_loaded', 'Whether an encoder is there (1) or missing (0).', ['encoder']),
  encoderFallbacks: m.counter(
    'encoder_fallbacks_total',
    'Utterances read from n-grams because their encoder was late, full or broken.',
    ['code'],
  ),
  modelsLoaded: m.gauge('models_loaded', 'Models in memory.'),
  trainings: m.counter(
    'trainings_total',
    'Trainings that ended: succeeded, refused by the gate, or failed.',
    ['status'],
  ),
  trainingSeconds: m.histogram('training_seconds', 'From the start of a training to its active model.'),
  correctionSeconds: m.histogram(
    'correction_live_seconds',
    'From a correction to the commit of the version that learnt it, which other processes load at once.',
    [],
    [1, 2, 3, 5, 7.5, 10, 15, 30, 60, 300],
  ),
  rollbacks: m.counter('rollbacks_total', 'Versions taken back because live traffic disagreed.'),
  corrections: m.counter('corrections_total', 'Corrections by people.', ['kind']),
}));
