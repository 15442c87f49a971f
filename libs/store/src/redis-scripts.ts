/** What must happen in Redis as one step: a script runs alone, and by its server's clock. */
import type { ClientContext, RedisOptions, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context extends ClientContext> {
    /** The token, or null while somebody else holds the lease. */
    acquireLease(lease: string, lastToken: string, ttlMs: number): Result<string | null, Context>;
    renewLease(lease: string, token: number, ttlMs: number): Result<0 | 1, Context>;
    releaseLease(lease: string, token: number): Result<0 | 1, Context>;
    takePoints(
      counter: string,
      users: string,
      cost: number,
      points: number,
      windowMs: number,
    ): Result<[allowed: 0 | 1, taken: number, resetMs: number, users: number], Context>;
  }
}

/**
 * The token is the time in microseconds, or one more than the last: so it grows even when Redis lost its memory, and
 * when its clock was set back.
 */
const acquireLease = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return false end
  local now = redis.call('TIME')
  local last = tonumber(redis.call('GET', KEYS[2]) or '0')
  local token = string.format('%.0f', math.max(last + 1, now[1] * 1000000 + now[2]))
  redis.call('SET', KEYS[2], token)
  redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
  return token`;

const renewLease = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const releaseLease = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`;

const takePoints = `
  redis.call('SET', KEYS[1], 0, 'PX', ARGV[3], 'NX')
  local taken = tonumber(redis.call('GET', KEYS[1]))
  local allowed = 0
  if taken + ARGV[1] <= tonumber(ARGV[2]) then
    allowed = 1
    taken = redis.call('INCRBY', KEYS[1], ARGV[1])
  end
  return { allowed, taken, redis.call('PTTL', KEYS[1]), redis.call('PUBSUB', 'NUMSUB', KEYS[2])[2] }`;

export const scripts: RedisOptions['scripts'] = {
  acquireLease: { lua: acquireLease, numberOfKeys: 2 },
  renewLease: { lua: renewLease, numberOfKeys: 1 },
  releaseLease: { lua: releaseLease, numberOfKeys: 1 },
  takePoints: { lua: takePoints, numberOfKeys: 2 },
};
