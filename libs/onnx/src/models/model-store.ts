/**
 * The folder in which models lie: `<dir>/<id>/<revision>/<file>`.
 *
 * Promises: a file stands under its name only after its size and SHA-256 were those of its manifest (`admit`, the one
 * way in), and is hashed again on each `read`: the bytes a caller gets are the bytes that were hashed, so what was
 * tampered with after the pull is refused too. A model whose licence is not accepted is neither admitted nor read.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@frontdesk/core';
import { holdFolder } from './folder-hold.js';
import { PERMISSIVE_LICENCES, requireLicence } from './licence.js';
import { fileOf, productsOf, type ModelFile, type ModelManifest } from './manifest.js';

export interface ModelStoreOptions {
  readonly dir: string;
  /** SPDX identifiers; `PERMISSIVE_LICENCES` when not given. */
  readonly licences?: readonly string[];
}

export type FileState = 'verified' | 'missing' | 'corrupt';

export class ModelStore {
  readonly dir: string;
  readonly #licences: readonly string[];

  constructor({ dir, licences = PERMISSIVE_LICENCES }: ModelStoreOptions) {
    this.dir = dir;
    this.#licences = licences;
  }

  /**
   * The bytes of a file, hashed before they are given away. Throws `not_found` when it was never pulled, `data_loss` when
   * it is not what the manifest says, `failed_precondition` when it cannot be read or its licence is not accepted.
   */
  async read(manifest: ModelManifest, name: string): Promise<Uint8Array> {
    this.requireLicence(manifest);
    const file = fileOf(manifest, name);
    const path = this.pathOf(manifest, name);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT')
        throw new AppError('failed_precondition', `${path} cannot be read: ${cause.message}.`, { cause });
      throw new AppError(
        'not_found',
        `There is no ${path}: run "npx frontdesk models pull ${manifest.id}", or import it.`,
        { cause },
      );
    });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== file.sha256) throw corrupt(path, file, { bytes: bytes.length, sha256 });
    return bytes;
  }

  /** What a user of the model would find: the state of each file, its bytes read and hashed. */
  async verify(manifest: ModelManifest): Promise<{ readonly file: ModelFile; readonly state: FileState }[]> {
    const files = productsOf(manifest);
    return Promise.all(files.map(async (file) => ({ file, state: await this.stateOf(manifest, file) })));
  }

  /** Reads and hashes the file. */
  async stateOf(manifest: ModelManifest, file: ModelFile): Promise<FileState> {
    const found = await fingerprintOf(this.pathOf(manifest, file.name));
    if (!found) return 'missing';
    return found.sha256 === file.sha256 ? 'verified' : 'corrupt';
  }

  /** Moves a finished file to its place; throws `data_loss`, and deletes it, when it is not what the manifest says. */
  async admit(manifest: ModelManifest, file: ModelFile, from: string): Promise<void> {
    this.requireLicence(manifest);
    const found = await fingerprintOf(from);
    if (found?.sha256 !== file.sha256) {
      await rm(from, { force: true });
      throw corrupt(`${manifest.id}/${file.name}`, file, found);
    }
    await mkdir(join(this.dir, manifest.id, manifest.revision), { recursive: true });
    await rename(from, this.pathOf(manifest, file.name));
  }

  pathOf(manifest: ModelManifest, name: string): string {
    return join(this.dir, manifest.id, manifest.revision, name);
  }

  /** A store of its own in a folder of this one, under the same licences. */
  within(folder: string): ModelStore {
    return new ModelStore({ dir: join(this.dir, folder), licences: this.#licences });
  }

  /** Throws `failed_precondition` for a model whose licence is not accepted. */
  requireLicence(manifest: ModelManifest): void {
    requireLicence(manifest, this.#licences);
  }

  /** Runs `work` while no other process changes this folder; waits for one that does. */
  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const release = await holdFolder(this.dir);
    try {
      return await work();
    } finally {
      release();
    }
  }
}

interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** Undefined where there is no such file. */
async function fingerprintOf(path: string): Promise<Fingerprint | undefined> {
  const bytes = (await stat(path).catch(() => undefined))?.size;
  if (bytes === undefined) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return { bytes, sha256: hash.digest('hex') };
}

function corrupt(name: string, wanted: ModelFile, found: Fingerprint | undefined): AppError {
  return new AppError(
    'data_loss',
    `${name} is not the file of the manifest and is not used: it has ${found?.bytes ?? 0} bytes and SHA-256 ` +
      `${found?.sha256 ?? 'none'} instead of ${wanted.bytes} bytes and ${wanted.sha256}.`,
  );
}
