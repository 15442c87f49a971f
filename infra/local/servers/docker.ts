/**
 * The way out for a machine where a server cannot be installed but a Docker engine runs: the same
 * server as a container of compose.yaml, on a fixed loopback port.
 */
import { join } from 'node:path';
import { ensureDatabase } from './postgres.ts';
import { capture, perform } from './tools.ts';

const COMPOSE = ['compose', '-f', join(import.meta.dirname, 'compose.yaml')];
const URLS = {
  postgres: 'postgres://frontdesk:frontdesk@127.0.0.1:25432/frontdesk',
  redis: 'redis://127.0.0.1:26379',
  kafka: '127.0.0.1:29092',
};

export const dockerRuns = (): boolean => capture('docker', ['info']) !== undefined;

/** Starts the container, or finds it running, and returns its URL. */
export async function startContainer(name: keyof typeof URLS): Promise<string> {
  await perform('docker', [...COMPOSE, 'up', '--detach', '--wait', name]);
  if (name === 'postgres') await ensureDatabase(URLS.postgres);
  return URLS[name];
}

export function containerUrl(name: keyof typeof URLS): string | undefined {
  return capture('docker', [...COMPOSE, 'ps', '--quiet', '--status', 'running', name])?.trim()
    ? URLS[name]
    : undefined;
}

export const stopContainer = (name: string): Promise<void> =>
  perform('docker', [...COMPOSE, 'rm', '--stop', '--force', '--volumes', name]);
