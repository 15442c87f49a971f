import { AppError } from '@frontdesk/core';
import type { KeyValue } from './key-value.js';
import { MemoryKeyValue } from './memory.js';
import { openRedis } from './redis.js';

/** `memory:` or `redis[s]://[user:password@]host:port[/database]`; the scheme picks the adapter. */
export async function openKeyValue(url: string): Promise<KeyValue> {
  if (url === 'memory:') return new MemoryKeyValue();
  if (/^rediss?:\/\//.test(url)) return openRedis(url);
  throw new AppError('invalid_argument', 'The key-value URL must be memory: or start with redis://.');
}
