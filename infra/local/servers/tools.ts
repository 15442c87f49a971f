/**
 * The programs the servers need: found on PATH, or installed the way the machine's owner would.
 *
 * Promises: says every installation on the console before it does it; never starts a system
 * service; a tool which cannot be had becomes an error whose message says what to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The standard output of a command, or undefined where it is missing or fails. */
export function capture(command: string, args: readonly string[]): string | undefined {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 ? result.stdout : undefined;
}

/** Runs a command to its end, quietly; rejects with the end of what it said when it fails. */
export function perform(
  command: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; cwd?: string } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const listen = (text: Buffer): void => void (said = (said + text.toString()).slice(-1500));
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')} failed:\n${said.trim()}`));
    });
  });
}

export function onPath(command: string): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command));
  return candidates.find(isExecutable);
}

/** The first of `commands` on PATH, after installing the Debian package if none is there yet. */
export async function commandFrom(debianPackage: string, ...commands: readonly string[]): Promise<string> {
  const find = (): string | undefined => commands.map(onPath).find((file) => file !== undefined);
  const present = find();
  if (present) return present;
  // One installation at a time: dpkg has one lock.
  const installation = installing.then(() => installDebian(debianPackage));
  installing = installation.catch(() => {});
  await installation;
  const installed = find();
  if (!installed) throw new Error(`The Debian package ${debianPackage} brought no ${commands.join(' or ')}.`);
  return installed;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

let installing: Promise<void> = Promise.resolve();

async function installDebian(name: string): Promise<void> {
  if (!onPath('apt-get'))
    throw new Error(`${name} is not installed and this machine has no apt-get: install it yourself.`);
  const asRoot = isRoot() ? [] : ['sudo', '-n'];
  if (!isRoot() && capture('sudo', ['-n', 'true']) === undefined) {
    throw new Error(`${name} is not installed and apt-get needs root: run "sudo apt-get install ${name}".`);
  }
  console.log(`Installing the Debian package ${name} (apt-get) …`);
  const apt = (...args: string[]): Promise<void> => {
    const [command, ...rest] = [
      ...asRoot,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      '-y',
      ...args,
    ];
    return perform(command as string, rest);
  };
  const install = (): Promise<void> => apt('install', '--no-install-recommends', name);
  // A fresh image has no package lists yet, or old ones.
  await install().catch(() => apt('update').then(install));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
