import { digestOf, hintOf, newKey, secretOf } from './credential.js';

describe('an API key', () => {
  it('is 256 random bits in base 62 behind its kind', () => {
    const keys = Array.from({ length: 500 }, () => newKey('channel'));
    expect(new Set(keys).size).toBe(500);
    for (const key of keys) expect(key).toMatch(/^fd_channel_[0-9A-Za-z]{43}$/);
    // The last digit stands for less than the others: 62^43 is a little more than 2^256.
    for (let place = 11; place < 53; place += 1)
      expect(new Set(keys.map((key) => key[place])).size).toBeGreaterThan(55);
  });

  it('is known by its kind and digest, and anything else is no key', () => {
    const key = newKey('admin');
    expect(secretOf(key)).toEqual({ kind: 'admin', digest: digestOf(key) });
    for (const text of [
      '',
      key.slice(1),
      `${key}x`,
      key.slice(0, -1),
      key.replace('admin', 'root'),
      `${key}\n`,
    ])
      expect(secretOf(text)).toBeUndefined();
  });

  it('is hinted at by its first four characters', () => {
    expect(hintOf(`fd_agent_abcd${'x'.repeat(39)}`)).toBe('fd_agent_abcd…');
  });
});
