/**
 * Brings a model's files into a store: from the first of their sources that gives the right bytes, or made from
 * another file.
 *
 * Promises: what is there and verified is neither fetched nor made again; a corrupt file is replaced; a transfer that
 * was broken off goes on; two pulls into one folder come one after the other. When no source gives a file, the error
 * says what each of them said and what can be done.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, isAppError } from '@frontdesk/core';
import { conversions, type Conversion } from './conversions.js';
import type { Hub } from './hub.js';
import { fileOf, productsOf, type ModelFile, type ModelManifest } from './manifest.js';
import type { ModelStore } from './model-store.js';
import { Packages } from './packages.js';
import type { Source } from './source.js';

/** What a pull tells while it goes on, about one file. */
export type PullStep =
  | { readonly step: 'present' }
  | { readonly step: 'asking'; readonly source: Source }
  | { readonly step: 'received'; readonly bytes: number }
  | { readonly step: 'refused'; readonly source: Source; readonly reason: string }
  | { readonly step: 'making'; readonly by: string }
  | { readonly step: 'verified' };

export interface PullOptions {
  readonly store: ModelStore;
  readonly hub: Hub;
  readonly report?: (step: PullStep, file: ModelFile, manifest: ModelManifest) => void;
  readonly conversions?: Readonly<Record<string, Conversion>>;
}

/** Throws `failed_precondition` for a licence that is not accepted, `unavailable` when a file cannot be had. */
export async function pull(manifest: ModelManifest, options: PullOptions): Promise<void> {
  options.store.requireLicence(manifest);
  await options.store.exclusively(async () => {
    const pulling = new Pulling(manifest, options);
    try {
      for (const file of productsOf(manifest)) await pulling.ensure(file);
    } finally {
      await pulling.close();
    }
  });
}

class Pulling {
  readonly #packages = new Packages();

  constructor(
    private readonly manifest: ModelManifest,
    private readonly options: PullOptions,
  ) {}

  async ensure(file: ModelFile): Promise<void> {
    const { store } = this.options;
    if ((await store.stateOf(this.manifest, file)) === 'verified')
      return this.#report({ step: 'present' }, file);
    await mkdir(dirname(store.pathOf(this.manifest, file.name)), { recursive: true });
    await (file.made ? this.#make(file, file.made) : this.#fetch(file));
    this.#report({ step: 'verified' }, file);
  }

  close(): Promise<void> {
    return this.#packages.close();
  }

  async #fetch(file: ModelFile): Promise<void> {
    const refusals: string[] = [];
    for (const source of file.sources) {
      this.#report({ step: 'asking', source }, file);
      try {
        return await this.options.store.admit(this.manifest, file, await this.#transfer(source, file));
      } catch (error) {
        if (!isAppError(error)) throw error;
        this.#report({ step: 'refused', source, reason: error.message }, file);
        refusals.push(`  ${source.text}\n    ${error.message}`);
      }
    }
    throw new AppError(
      'unavailable',
      `${this.manifest.id}/${file.name} could not be had from any of its sources:\n${refusals.join('\n')}\n` +
        'Name a mirror of the hub (HUB_URL or --mirror), set up a client named above, or import a tarball ' +
        'which "frontdesk models export" made on another machine.',
    );
  }

  /** Resolves to where the bytes are. Only the hub's may be the beginning of a file, to be gone on with. */
  async #transfer(source: Source, file: ModelFile): Promise<string> {
    if (source.kind !== 'hub') {
      const whole = this.#beside(file, 'new');
      await this.#packages.extract(source, file.bytes, whole);
      return whole;
    }
    const part = this.#beside(file, 'part');
    const { repository, revision } = this.manifest;
    await this.options.hub.download(
      { repository, revision, path: source.path, bytes: file.bytes },
      part,
      (bytes) => this.#report({ step: 'received', bytes }, file),
    );
    return part;
  }

  /** What a file is made from is not kept: nobody loads it, and it may be larger than what it became. */
  async #make(file: ModelFile, { by, from }: { by: string; from: string }): Promise<void> {
    const convert = (this.options.conversions ?? conversions)[by];
    if (!convert) {
      throw new AppError(
        'failed_precondition',
        `${this.manifest.id}/${file.name} is made by "${by}", which this version does not know: update Frontdesk.`,
      );
    }
    const { store } = this.options;
    const origin = fileOf(this.manifest, from);
    await this.ensure(origin);
    this.#report({ step: 'making', by }, file);
    const whole = this.#beside(file, 'new');
    await writeFile(whole, convert(await store.read(this.manifest, from)));
    await store.admit(this.manifest, file, whole);
    await rm(store.pathOf(this.manifest, from), { force: true });
  }

  #beside(file: ModelFile, suffix: 'part' | 'new'): string {
    return `${this.options.store.pathOf(this.manifest, file.name)}.${suffix}`;
  }

  #report(step: PullStep, file: ModelFile): void {
    this.options.report?.(step, file, this.manifest);
  }
}
