// The demo's keys, kept beside its data so that a second start has the same ones.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Keys {
  readonly platform: string;
  /** The tenant's own; absent until the demo has been seeded. */
  readonly channel?: string;
  readonly agent?: string;
  readonly admin?: string;
}

export function readKeys(file: string): Keys {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  const keys = { platform: `fd_platform_${randomLetters(43)}` };
  writeKeys(file, keys);
  return keys;
}

export function writeKeys(file: string, keys: Keys): void {
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}

/** Letters and digits, 5.95 bits each. */
function randomLetters(count: number): string {
  return randomBytes(count * 2)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, count);
}
