/**
 * Where the servers live: programs under `.servers/installed` of this checkout, data and records
 * under `.servers` or `FRONTDESK_SERVERS_DIR`. Git ignores both.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '../../..');

export const serversDir = (): string =>
  resolve(process.env['FRONTDESK_SERVERS_DIR'] ?? join(checkout, '.servers'));

export function installedIn(): string {
  const folder = join(checkout, '.servers', 'installed');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * `dir`, or a stand-in for it under /var/tmp where a folder above it is closed to other users
 * (a checkout in root's home): a program which refuses to run as root could not enter it.
 */
export function openToOthers(dir: string): string {
  const enterable = (folder: string): boolean =>
    (statSync(folder).mode & 0o001) !== 0 && (folder === dirname(folder) || enterable(dirname(folder)));
  if (enterable(dirname(resolve(dir)))) return resolve(dir);
  const name = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 12);
  return join('/var/tmp', `frontdesk-${name}`);
}
