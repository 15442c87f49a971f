import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError, newId } from '@frontdesk/core';
import { describeWith } from '@frontdesk/testing/servers';
import { freePort } from '../../../infra/local/servers/servers.ts';
import { eventually, record, text } from '../src/event-bus.contract.js';
import { openEventBus } from '../src/index.js';

const command = fileURLToPath(new URL('../dist/replay.js', import.meta.url));
const replay = (...args: string[]) => promisify(execFile)(process.execPath, [command, ...args]);

describe('replay command', () => {
  it('tells how it is used', async () => {
    expect((await replay('--help')).stdout).toContain('--topic <name>');
    await expect(replay('--topic', 't')).rejects.toMatchObject({ code: 2 });
  });

  it('says that Kafka is not there', async () => {
    const bus = `kafka://127.0.0.1:${await freePort()}`;
    await expect(replay('--bus', bus, '--topic', 't')).rejects.toMatchObject({
      code: 1,
      stderr: 'Kafka does not answer: try again shortly.\n',
    });
  });
});

describeWith('kafka', 'replay command on Kafka', ({ KAFKA_BROKERS }) => {
  const url = `kafka://${KAFKA_BROKERS}`;

  it('lists dead letters with their reasons, then has them handled', async () => {
    const topic = `t-${newId()}`;
    const bus = await openEventBus(url);
    let broken = true;
    const handled: string[] = [];
    await bus.consume({
      group: topic,
      topics: [topic],
      handle: async (each) => {
        if (broken) throw new AppError('invalid_argument', 'a bug of today');
        handled.push(text(each));
      },
    });
    const sent = record(topic, 'k', 'one');
    await bus.publish([sent]);
    const of = ['--bus', url, '--topic', topic, '--group', topic];
    await eventually(async () => expect((await replay(...of, '--dry-run')).stdout).toMatch(/^1 found/m));

    const { stdout } = await replay(...of, '--dry-run');
    expect(stdout).toContain(`\t${topic}\t${sent.id}\tk\t1\tinvalid_argument: a bug of today\n`);
    expect(stdout).toContain('1 found, 0 sent again, 0 unreadable\n');

    broken = false;
    expect((await replay(...of)).stdout).toContain('1 found, 1 sent again, 0 unreadable\n');
    await eventually(() => expect(handled).toEqual(['one']));
    expect((await replay(...of)).stdout).toBe('0 found, 0 sent again, 0 unreadable\n');
    await bus.close();
  });
});
