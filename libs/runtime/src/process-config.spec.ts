import type { ConfigProblem } from './config.js';
import { readProcessConfig } from './process-config.js';

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db/frontdesk',
  KEY_VALUE_URL: 'redis://cache',
  EVENTS_URL: 'kafka://broker:9092',
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readProcessConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigProblem).problems;
  }
};

describe('readProcessConfig', () => {
  it('takes real servers in production', () => {
    expect(problemsOf(production)).toEqual([]);
  });

  it.each([
    ['DATABASE_URL', 'pglite:data'],
    ['KEY_VALUE_URL', 'memory:'],
    ['EVENTS_URL', 'memory:'],
  ])('refuses an embedded %s in production, unless it is allowed by name', (key, url) => {
    expect(problemsOf({ ...production, [key]: url })[0]).toContain(key);
    expect(problemsOf({ ...production, [key]: url, ALLOW_EMBEDDED: 'on' })).toEqual([]);
  });

  it('wants all three TLS files or none', () => {
    expect(problemsOf({ ...production, TLS_CERT_FILE: 'cert.pem' })).toHaveLength(1);
    expect(problemsOf({ ...production, TLS_CERT_FILE: 'c', TLS_KEY_FILE: 'k', TLS_CA_FILE: 'a' })).toEqual(
      [],
    );
  });

  it('refuses a store of an unknown kind', () => {
    expect(problemsOf({ ...production, DATABASE_URL: 'mysql://db' })[0]).toContain('postgres://');
  });
});
