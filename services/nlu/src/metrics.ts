import { metrics } from '@frontdesk/runtime';

export const nluMetrics = metrics('nlu', (m) => ({
  analyses: m.counter('analyses_total', 'Utterances understood.', ['language', 'in_scope']),
  analyzeSeconds: m.histogram(
    'analyze_seconds',
    'Understanding one utterance with a loaded model.',
    [],
    [0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.02],
  ),
  modelsLoaded: m.gauge('models_loaded', 'Models in memory.'),
  trainings: m.counter('trainings_total', 'Trainings that ended.', ['status']),
  trainingSeconds: m.histogram('training_seconds', 'From the start of a training to its active model.'),
  corrections: m.counter('corrections_total', 'Corrections by people.', ['kind']),
}));
