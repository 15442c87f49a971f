/**
 * Models in one tar archive, for clusters without a way out: `exportTarball` where there is a network, `importTarball`
 * behind the gap. An entry is named `<id>/<revision>/<file>`, as in a store.
 *
 * Promises: an archive is imported as a whole or not at all; only files that a manifest known here names, with its size
 * and SHA-256, are imported, so that no entry can leave the folder, be a link or fill the disk; the same models give
 * the same archive, byte for byte.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, isAppError } from '@frontdesk/core';
import { pack, type Pack } from 'tar-stream';
import { productsOf, type ModelFile, type ModelManifest } from './manifest.js';
import type { ModelStore } from './model-store.js';
import { tarEntries, type TarEntry } from './tar-entries.js';

/** Writes the files of `manifests`; throws as `ModelStore.read` does when one is missing or corrupt. */
export async function exportTarball(
  path: string,
  manifests: readonly ModelManifest[],
  store: ModelStore,
): Promise<void> {
  const part = `${path}.part`;
  const archive = pack();
  const written = pipeline(archive, createWriteStream(part));
  try {
    await Promise.race([written, appendAll(archive, manifests, store)]);
    await written;
    await rename(part, path);
  } catch (error) {
    archive.destroy();
    await written.catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * Brings the models of an archive into the store and names them. Throws `invalid_argument` for an entry that no manifest
 * names, or a broken archive, `data_loss` for a file that is not what the manifest says, `failed_precondition` for a
 * licence that is not accepted.
 */
export async function importTarball(
  path: string,
  manifests: readonly ModelManifest[],
  store: ModelStore,
): Promise<readonly ModelManifest[]> {
  return store.exclusively(async () => {
    const staging = store.within('.import');
    try {
      const files = await stage(path, manifests, staging);
      for (const { manifest, file } of files) {
        await store.admit(manifest, file, staging.pathOf(manifest, file.name));
      }
      return [...new Set(files.map(({ manifest }) => manifest))];
    } catch (error) {
      if (isAppError(error)) throw error;
      throw new AppError(
        'invalid_argument',
        `${path} is no tar archive of models: ${(error as Error).message}.`,
        {
          cause: error,
        },
      );
    } finally {
      await rm(staging.dir, { recursive: true, force: true });
    }
  });
}

interface KnownFile {
  readonly manifest: ModelManifest;
  readonly file: ModelFile;
}

async function stage(
  path: string,
  manifests: readonly ModelManifest[],
  staging: ModelStore,
): Promise<readonly KnownFile[]> {
  const known = new Map(manifests.flatMap(entriesOf));
  const staged = new Map<string, KnownFile>();
  await mkdir(staging.dir, { recursive: true });
  for await (const entry of tarEntries(path)) {
    // "tar -C .models -c ." writes folders, and a "./" before each name.
    const name = entry.header.name.replace(/^\.\//, '');
    if (entry.header.type === 'directory') {
      entry.resume();
      continue;
    }
    const found = known.get(name);
    if (!found) throw unknownEntry(path, entry);
    if (entry.header.size !== found.file.bytes) throw wrongEntry(path, entry, found);
    const part = join(staging.dir, 'entry');
    await pipeline(entry, createWriteStream(part));
    await staging.admit(found.manifest, found.file, part);
    staged.set(name, found);
  }
  return [...staged.values()];
}

function entriesOf(manifest: ModelManifest): [string, KnownFile][] {
  return productsOf(manifest).map((file) => [entryName(manifest, file), { manifest, file }]);
}

const entryName = ({ id, revision }: ModelManifest, { name }: ModelFile): string =>
  `${id}/${revision}/${name}`;

async function appendAll(
  archive: Pack,
  manifests: readonly ModelManifest[],
  store: ModelStore,
): Promise<void> {
  for (const manifest of manifests) {
    for (const file of productsOf(manifest)) {
      const bytes = await store.read(manifest, file.name);
      await append(archive, entryName(manifest, file), bytes);
    }
  }
  archive.finalize();
}

/** Resolves when the entry is on its way, so that one file at a time is in memory. */
function append(archive: Pack, name: string, bytes: Uint8Array): Promise<void> {
  const header = { name, size: bytes.length, mode: 0o644, mtime: new Date(0) };
  return new Promise((resolve, reject) => {
    const entry = archive.entry(header, (error) => (error ? reject(error) : resolve()));
    entry.end(bytes);
  });
}

function unknownEntry(path: string, { header }: TarEntry): AppError {
  return new AppError(
    'invalid_argument',
    `${path} is refused: "${header.name}" is no file of a model known here. Nothing was imported.`,
  );
}

function wrongEntry(path: string, { header }: TarEntry, { file }: KnownFile): AppError {
  return new AppError(
    'data_loss',
    `${path} is refused: "${header.name}" is a ${header.type} of ${header.size} bytes instead of a file of ` +
      `${file.bytes}. Nothing was imported.`,
  );
}
