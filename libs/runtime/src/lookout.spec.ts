import { Lookout } from './lookout.js';

describe('Lookout', () => {
  it('asks once for many who want to know at the same moment', async () => {
    let asked = 0;
    const lookout = new Lookout(() => ({ store: () => Promise.resolve(void (asked += 1)) }));
    const seen = await Promise.all([lookout.look(), lookout.look(), lookout.look()]);
    expect(asked).toBe(1);
    expect(seen[2]).toEqual({ ready: true, checks: { store: 'ok' } });
  });

  it('says what does not answer, by a refusal or by a rejection', async () => {
    const lookout = new Lookout(() => ({
      fine: () => Promise.resolve(),
      refusing: () => Promise.resolve(false),
      failing: () => Promise.reject(new Error('away')),
    }));
    expect(await lookout.look()).toEqual({
      ready: false,
      checks: { fine: 'ok', refusing: 'does not answer', failing: 'does not answer' },
    });
  });

  it('keeps the last look for who cannot wait', async () => {
    const answer = Promise.withResolvers<boolean>();
    const lookout = new Lookout(() => ({ slow: () => answer.promise }));
    const looking = lookout.look();
    expect(lookout.last.checks).toEqual({});
    answer.resolve(true);
    await looking;
    expect(lookout.last.checks).toEqual({ slow: 'ok' });
  });
});
