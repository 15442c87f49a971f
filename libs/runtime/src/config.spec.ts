import { z } from 'zod';
import type { ConfigProblem } from './config.js';
import { Config, describeConfig, readConfig, secret } from './config.js';

class Example extends Config({
  RETRIES: z.coerce.number().int().min(0).default(3).describe('How often.'),
  TARGET: z.string().describe('Where to.'),
  TOKEN: secret(z.string().optional().describe('Who we are.')),
  URL: secret(z.string().default('none')).describe('Where from.'),
}) {}

describe('readConfig', () => {
  it('gives an instance of the class with defaults filled in and numbers as numbers', () => {
    const config = readConfig(Example, { TARGET: 'there', RETRIES: '7', UNRELATED: 'x' });
    expect(config).toBeInstanceOf(Example);
    expect({ ...config }).toEqual({ TARGET: 'there', RETRIES: 7, URL: 'none' });
    expect(readConfig(Example, { TARGET: 'there' }).RETRIES).toBe(3);
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig(Example, { TARGET: 'there', RETRIES: '' }).RETRIES).toBe(3);
  });

  it('names everything that is wrong at once, with its meaning', () => {
    let problems: readonly string[] = [];
    try {
      readConfig(Example, { RETRIES: 'many' });
    } catch (error) {
      problems = (error as ConfigProblem).problems;
    }
    expect(problems).toHaveLength(2);
    expect(problems.find((problem) => problem.startsWith('TARGET is missing'))).toContain('Where to.');
    expect(problems.find((problem) => problem.startsWith('RETRIES'))).toContain('How often.');
  });
});

describe('describeConfig', () => {
  it('hides a secret that is set and shows the rest', () => {
    const lines = describeConfig(
      Example,
      readConfig(Example, { TARGET: 'there', TOKEN: 'hunter2', URL: 'hunter3' }),
    );
    expect(lines.map(({ key, value }) => [key, value])).toEqual([
      ['RETRIES', '3'],
      ['TARGET', 'there'],
      ['TOKEN', '(set, hidden)'],
      ['URL', '(set, hidden)'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter');
  });
});
