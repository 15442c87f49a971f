/**
 * Gives dead letters another chance, or lists them:
 * `node libs/events/dist/replay.js --bus kafka://localhost:9092 --topic conversation.v1 --dry-run`.
 */
import { parseArgs } from 'node:util';
import { toAppError } from '@frontdesk/core';
import { replayDeadLetters } from './dead-letter.js';
import type { DeadLetter } from './event-bus.js';
import { openEventBus } from './open-event-bus.js';

const USAGE = `Sends dead letters to their topic again and takes them out of <topic>.dlq.

  --bus <url>      kafka://host:port,… or kafkas://user:password@host:port,…
  --topic <name>   e.g. conversation.v1
  --group <name>   only what this service could not handle
  --dry-run        only list them
  --help           show this

One line per letter: time, group, event id, key, attempts, reason. Services that have handled an event
before take no notice of it. Letters without a readable envelope are listed and stay.
`;

const { values: options } = parseArgs({
  options: {
    bus: { type: 'string' },
    topic: { type: 'string' },
    group: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
} else if (!options.bus || !options.topic) {
  process.stderr.write(`Say which bus and which topic.\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await run(options.bus, options.topic).catch((error: unknown) => {
    process.stderr.write(`${toAppError(error).message}\n`);
    process.exitCode = 1;
  });
}

async function run(busUrl: string, topic: string): Promise<void> {
  const bus = await openEventBus(busUrl);
  try {
    const { found, replayed, unreadable } = await replayDeadLetters({
      bus,
      topic,
      ...(options.group && { group: options.group }),
      dryRun: options['dry-run'],
      onLetter: (letter) => process.stdout.write(lineOf(letter)),
    });
    process.stdout.write(`${found} found, ${replayed} sent again, ${unreadable} unreadable\n`);
  } finally {
    await bus.close();
  }
}

function lineOf({ buriedAt, group, id, key, attempts, reason }: DeadLetter): string {
  return `${[new Date(buriedAt).toISOString(), group, id || '-', key || '-', attempts, reason].join('\t')}\n`;
}
