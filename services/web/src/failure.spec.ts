import { failureOf, failureOfError, GatewayFailure, mayRetry } from './failure.js';

describe('failureOf', () => {
  it.each([
    [401, 'unauthorized', false],
    [404, 'gone', false],
    [409, 'closed', false],
    [422, 'refused', false],
    [429, 'limited', true],
    [503, 'unavailable', true],
  ])('reads status %i as %s', (status, code, retry) => {
    const failure = failureOf({ detail: 'Why.' }, status);
    expect(failure).toEqual({ code, detail: 'Why.' });
    expect(mayRetry(failure)).toBe(retry);
  });

  it('reads Retry-After as seconds or as a date, and ignores nonsense', () => {
    expect(failureOf({}, 429, '12').retryAfterS).toBe(12);
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    expect(failureOf({}, 429, inAMinute).retryAfterS).toBeGreaterThan(50);
    expect(failureOf({}, 429, 'soon')).toEqual({ code: 'limited' });
  });
});

describe('failureOfError', () => {
  it('takes any other error for a broken connection', () => {
    expect(failureOfError(new GatewayFailure({ code: 'gone' }))).toEqual({ code: 'gone' });
    expect(failureOfError(new TypeError('network'))).toMatchObject({ code: 'unreachable' });
  });
});
