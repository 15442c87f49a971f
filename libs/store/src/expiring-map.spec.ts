import { ExpiringMap } from './expiring-map.js';

describe('ExpiringMap', () => {
  let now = 0;
  const clock = { now: () => now };

  it('removes what expired with later writes, not only hides it', () => {
    const map = new ExpiringMap<number>(1_000, clock);
    for (let i = 0; i < 500; i++) map.set(`short ${i}`, i, 100);
    map.set('long', 1, 10_000);
    now += 1_000;
    expect(map.get('short 1')).toBeUndefined();
    map.set('another', 1, 100);
    expect(map.size).toBe(2);
  });

  it('lets the entry written longest ago give way when it is full', () => {
    const map = new ExpiringMap<number>(2, clock);
    map.set('a', 1, 10_000);
    map.set('b', 1, 10_000);
    map.set('a', 2, 10_000);
    map.set('c', 1, 10_000);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([2, undefined, 1]);
    expect(map.size).toBe(2);
  });
});
