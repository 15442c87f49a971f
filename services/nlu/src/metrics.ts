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
  trainings: m.counter('trainings_total', 'Trainings that ended.', ['status']),
  trainingSeconds: m.histogram('training_seconds', 'From the start of a training to its active model.'),
  rollbacks: m.counter('rollbacks_total', 'Versions taken back because live traffic disagreed.'),
  corrections: m.counter('corrections_total', 'Corrections by people.', ['kind']),
}));
