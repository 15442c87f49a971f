// POST of a customer's message through the gateway, beside a bare Node HTTP pipe. Goal: at most 1.5 × the pipe.
import { compare, post, print, Subject } from './measure.ts';

const upstream = await Subject.start('upstream');
const pipe = await Subject.start('pipe', { UPSTREAM: upstream.url });
const together = await Subject.start('gateway');
const dialogue = await Subject.start('dialogue');
const apart = await Subject.start('gateway', { DIALOGUE_ADDRESS: dialogue.url });

const body = JSON.stringify({
  text: 'Where is my order A1001? It should have been here on Monday, and the page says nothing.'.repeat(4),
});
const send = (subject: Subject) => async (): Promise<void> => {
  await post(
    `${subject.url}/v1/conversations/c1/messages`,
    { authorization: `Bearer ${subject.facts['key'] ?? 'none'}` },
    body,
  );
};

const costs = await compare(
  [
    { name: 'bare Node HTTP pipe', subject: pipe, run: send(pipe) },
    { name: 'gateway, dialogue in the same process', subject: together, run: send(together) },
    { name: 'gateway, dialogue over gRPC', subject: apart, run: send(apart) },
  ],
  { rounds: 9, operations: 1_500, inFlight: 16 },
);
print('Gateway: POST /v1/conversations/{id}/messages, 16 in flight (CPU of the gateway alone)', costs);
for (const subject of [apart, dialogue, together, pipe, upstream]) await subject.stop();
