import type { Clock } from '@frontdesk/core';
import { keyValueContract } from './key-value.contract.js';
import { MemoryKeyValue } from './memory.js';
import { openKeyValue } from './open-key-value.js';

describe('memory', () => {
  const shared = new MemoryKeyValue();
  keyValueContract(async () => shared);

  it('is opened by its URL', async () => {
    expect(await openKeyValue('memory:')).toBeInstanceOf(MemoryKeyValue);
    await expect(openKeyValue('mysql://x')).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  describe('bounded', () => {
    class MovableClock implements Clock {
      time = 1_000_000;
      now(): number {
        return this.time;
      }
    }

    it('gives up the oldest beyond its capacity', async () => {
      const store = new MemoryKeyValue(new MovableClock(), 3);
      for (const key of ['a', 'b', 'c', 'd']) await store.set(key, key, 60_000);
      expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.get(key)))).toEqual([
        undefined,
        'b',
        'c',
        'd',
      ]);
    });

    it('refuses leases rather than giving one up', async () => {
      const clock = new MovableClock();
      const store = new MemoryKeyValue(clock, 2);
      const lease = await store.acquireLease('a', 60_000);
      await store.acquireLease('b', 1_000);
      await expect(store.acquireLease('c', 60_000)).rejects.toMatchObject({ code: 'resource_exhausted' });
      clock.time += 1_000;
      expect(await store.acquireLease('c', 60_000)).toBeDefined();
      expect(await lease!.renew(60_000)).toBe(true);
    });

    it('gives larger tokens than an earlier process did', async () => {
      const clock = new MovableClock();
      const before = await new MemoryKeyValue(clock).acquireLease('a', 60_000);
      clock.time += 1;
      const after = await new MemoryKeyValue(clock).acquireLease('a', 60_000);
      expect(after!.token).toBeGreaterThan(before!.token);
    });
  });
});
