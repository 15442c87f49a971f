import { metrics } from '@frontdesk/runtime';

export const dialogueMetrics = metrics('dialogue', (m) => ({
  turns: m.counter(
    'turns_total',
    'Turns the bot finished, by kind of reply and by why a lower rung answered.',
    ['kind', 'degraded'],
  ),
  turnSeconds: m.histogram('turn_seconds', 'From the accepted message to the committed reply.', ['kind']),
  watchers: m.gauge('watchers', 'Streams that follow a conversation now.'),
}));
