import { AppError, runInContext } from '@frontdesk/core';
import { openLog } from './log.js';

const written = (write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown> => {
  const lines: string[] = [];
  write(openLog('dialogue', 'info', { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
};

describe('a log line', () => {
  it('carries the request it belongs to', () => {
    const line = written((log) => {
      runInContext({ requestId: 'r1', tenantId: 't1', conversationId: 'c1' }, () =>
        log.info('Done', { turnId: 'u1', count: 3 }),
      );
    });
    expect(line).toMatchObject({
      service: 'dialogue',
      level: 'info',
      msg: 'Done',
      requestId: 'r1',
      tenantId: 't1',
      conversationId: 'c1',
      turnId: 'u1',
      count: 3,
    });
  });

  it('never shows the value of a field that is not on the list', () => {
    const line = written((log) =>
      log.info('Done', { text: 'my number is 13812345678', nested: { name: 'Wang' } }),
    );
    expect(JSON.stringify(line)).not.toMatch(/13812345678|Wang/);
    expect(line['text']).toBe('[masked 24 characters]');
  });

  it('names the encoder and the reason a version was refused', () => {
    const fields = {
      encoder: 'bge-small-zh-v1.5',
      refused: 'refund lost 20 points',
      note: 'Taken back by hand.',
    };
    expect(written((log) => log.warn('Done', fields))).toMatchObject(fields);
  });

  it('shows an error with its code and cause, personal data masked', () => {
    const cause = new Error('duplicate key (mail)=(someone@example.com)');
    const line = written((log) =>
      log.error('Failed', { error: new AppError('already_exists', 'There is one.', { cause }) }),
    );
    expect(line['error']).toMatchObject({
      code: 'already_exists',
      message: 'There is one.',
      cause: { code: 'unknown' },
    });
    expect(JSON.stringify(line)).not.toContain('someone@example.com');
  });

  it('is left out below the level', () => {
    const lines: string[] = [];
    openLog('dialogue', 'warn', { write: (line) => void lines.push(line) }).info('Quiet');
    expect(lines).toEqual([]);
  });
});
