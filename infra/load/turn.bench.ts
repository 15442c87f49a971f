// A whole turn, from the REST request to the committed reply, with every service in one process. The database is a
// process of its own and is not counted. Goal: 300 FAQ turns per second and core, which is 3,333 µs each; first token
// added by the mesh in less than 15 ms (p50).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, post, print, Subject } from './measure.ts';

const script = join(mkdtempSync(join(tmpdir(), 'frontdesk-script-')), 'script.yaml');
const answer =
  'Our range covers several products for that, and each is described with its size, its weight and its warranty. '.repeat(
    3,
  );
writeFileSync(script, `replies:\n  - { match: ".", text: "${answer}" }\n`);

const upstream = await Subject.start('upstream');
const pipe = await Subject.start('pipe', { UPSTREAM: upstream.url });
const mesh = await Subject.start('mesh', { LLM_URL: `scripted:${script}` });
const headers = { authorization: `Bearer ${mesh.facts['key']}` };

/** Each worker's own conversation, so that no turn overtakes another. */
async function conversation(): Promise<string> {
  const opened = await post(`${mesh.url}/v1/conversations`, headers, '{"customer":{"id":"load"}}');
  return (JSON.parse(opened) as { id: string }).id;
}

const idle: string[] = [];

/** Gives the kind of the reply. */
async function say(text: string): Promise<string> {
  const id = idle.pop() ?? (await conversation());
  const { message } = JSON.parse(
    await post(`${mesh.url}/v1/conversations/${id}/messages`, headers, JSON.stringify({ text })),
  ) as { message: { kind: string } };
  idle.push(id);
  return message.kind;
}

const turn = (text: string, expected: string) => async (): Promise<void> => {
  const kind = await say(text);
  if (kind !== expected) throw new Error(`"${text}" was answered by ${kind}, not by ${expected}.`);
};

const faq = 'How long does standard delivery take?';
const flow = 'Where is my order A1001?';
/** Articles come near to it and none answers it. */
const generated = 'is there a discount if I buy ten';
// The first turn loads the tenant's model and index, and may be answered from a lower rung meanwhile.
await say(faq);
const costs = await compare(
  [
    {
      name: 'bare Node HTTP pipe',
      subject: pipe,
      run: async () => void (await post(pipe.url, {}, JSON.stringify({ text: faq }))),
    },
    { name: 'whole turn, FAQ', subject: mesh, run: turn(faq, 'faq') },
    { name: 'whole turn, order flow', subject: mesh, run: turn(flow, 'flow') },
    { name: 'whole turn, scripted model (60 tokens)', subject: mesh, run: turn(generated, 'generated') },
  ],
  { rounds: 5, operations: 150, inFlight: 4 },
);
print('Whole turn, all services in one process (CPU of that process)', costs);
process.stdout.write(
  `  FAQ turns per second and core: ${Math.round(1_000_000 / costs.get('whole turn, FAQ')!)}\n`,
);

const waits: number[] = [];
for (let time = 0; time < 60; time += 1) {
  const id = await conversation();
  const startedAt = performance.now();
  let first = 0;
  await post(
    `${mesh.url}/v1/conversations/${id}/messages`,
    { ...headers, accept: 'text/event-stream' },
    JSON.stringify({ text: generated }),
    (part) => {
      if (first === 0 && part.includes('event: token')) first = performance.now() - startedAt;
    },
  );
  if (time >= 10) waits.push(first);
}
waits.sort((a, b) => a - b);
process.stdout.write(
  `  first token added by the mesh: p50 ${waits[Math.floor(waits.length / 2)]!.toFixed(1)} ms, p90 ${waits[Math.floor(waits.length * 0.9)]!.toFixed(1)} ms\n`,
);
for (const subject of [mesh, pipe, upstream]) await subject.stop();
