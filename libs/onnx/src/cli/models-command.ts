/** `frontdesk models`: the models of this installation, for the person who runs it. */
import { parseArgs } from 'node:util';
import { AppError } from '@frontdesk/core';
import { Hub } from '../models/hub.js';
import { productsOf, readManifests, type ModelManifest } from '../models/manifest.js';
import { ModelStore } from '../models/model-store.js';
import { pull } from '../models/pull.js';
import { exportTarball, importTarball } from '../models/tarball.js';
import type { Terminal } from './frontdesk.js';
import { megabytes, PullDisplay } from './pull-display.js';

export const MODELS_USAGE = `Usage: frontdesk models <command> [options]
  list                         the models known here, and which of them are in the folder
  pull [model …]               fetch and verify: the default ones, those named, or "all"
  verify [model …]             hash every file of what is in the folder, or of those named
  export <tarball> [model …]   write what is in the folder, or those named, for a machine without network
  import <tarball>             take over what another machine has exported
Options
  --dir <folder>   where models lie (MODELS_DIR; .models)
  --mirror <url>   the hub to fetch from (HUB_URL; the public one)
  --help
MODELS_LICENCES, SPDX identifiers with commas between them, replaces the licences that are accepted.
Exits with 0 when all is well, 1 when a model is missing, refused or wrong, 2 for a command it does not know.`;

interface Session {
  readonly store: ModelStore;
  readonly manifests: readonly ModelManifest[];
  readonly names: readonly string[];
  readonly hubUrl: string | undefined;
  readonly terminal: Terminal;
}

const COMMANDS: Readonly<Record<string, (session: Session) => Promise<number>>> = {
  list,
  pull: pullModels,
  verify: verifyModels,
  export: exportModels,
  import: importModels,
};

export async function modelsCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args);
  const [name = '', ...names] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (values.help || !command) {
    (values.help ? terminal.output : terminal.errors).write(`${MODELS_USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const { MODELS_DIR, HUB_URL, MODELS_LICENCES } = terminal.environment;
  return command({
    store: new ModelStore({
      dir: values.dir ?? (MODELS_DIR || '.models'),
      licences: MODELS_LICENCES ? MODELS_LICENCES.split(',').map((licence) => licence.trim()) : undefined,
    }),
    manifests: readManifests(),
    names,
    hubUrl: values.mirror ?? (HUB_URL || undefined),
    terminal,
  });
}

async function list({ store, manifests, terminal }: Session): Promise<number> {
  for (const manifest of manifests) {
    const { id, licence, languages, dimension, title, byDefault } = manifest;
    const bytes = productsOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
    const state = (await isComplete(store, manifest)) ? 'here' : byDefault ? 'default' : '';
    const columns = [
      id.padEnd(26),
      state.padEnd(8),
      megabytes(bytes).padStart(9),
      `${dimension}`.padStart(5),
    ];
    terminal.output.write(`${columns.join(' ')}  ${licence.padEnd(11)} ${languages.join(',')}  ${title}\n`);
  }
  return 0;
}

async function pullModels({ store, manifests, names, hubUrl, terminal }: Session): Promise<number> {
  const { report } = new PullDisplay(terminal.output);
  const wanted = names.length > 0 ? named(manifests, names) : manifests.filter(({ byDefault }) => byDefault);
  const hub = new Hub({ url: hubUrl });
  for (const manifest of wanted) await pull(manifest, { store, hub, report });
  return 0;
}

async function verifyModels({ store, manifests, names, terminal }: Session): Promise<number> {
  return sayStates(
    store,
    names.length > 0 ? named(manifests, names) : await present(store, manifests),
    terminal,
  );
}

async function exportModels({ store, manifests, names, terminal }: Session): Promise<number> {
  const [tarball, ...models] = names;
  if (!tarball)
    throw new AppError('invalid_argument', 'Name the tarball to write: frontdesk models export <tarball>.');
  const wanted = models.length > 0 ? named(manifests, models) : await present(store, manifests);
  await exportTarball(tarball, wanted, store);
  terminal.output.write(`${tarball}: ${wanted.map(({ id }) => id).join(', ')}\n`);
  return 0;
}

async function importModels({ store, manifests, names, terminal }: Session): Promise<number> {
  const [tarball, ...more] = names;
  if (!tarball || more.length > 0) {
    throw new AppError('invalid_argument', 'Name one tarball: frontdesk models import <tarball>.');
  }
  return sayStates(store, await importTarball(tarball, manifests, store), terminal);
}

async function sayStates(
  store: ModelStore,
  manifests: readonly ModelManifest[],
  { output, errors }: Terminal,
): Promise<number> {
  if (manifests.length === 0) {
    errors.write(`There is no model in ${store.dir}: run "frontdesk models pull".\n`);
    return 1;
  }
  let wrong = 0;
  for (const manifest of manifests) {
    store.requireLicence(manifest);
    for (const { file, state } of await store.verify(manifest)) {
      output.write(`${manifest.id}/${file.name}: ${state}\n`);
      if (state !== 'verified') wrong += 1;
    }
  }
  return wrong === 0 ? 0 : 1;
}

function named(manifests: readonly ModelManifest[], names: readonly string[]): readonly ModelManifest[] {
  if (names.length === 1 && names[0] === 'all') return manifests;
  return names.map((name) => {
    const manifest = manifests.find(({ id }) => id === name);
    if (manifest) return manifest;
    const known = manifests.map(({ id }) => id).join(', ');
    throw new AppError('not_found', `There is no model "${name}". There are: ${known}; and "all".`);
  });
}

/** The models of which at least one file is in the folder. */
async function present(store: ModelStore, manifests: readonly ModelManifest[]): Promise<ModelManifest[]> {
  const states = await Promise.all(manifests.map((manifest) => store.verify(manifest)));
  return manifests.filter((_, index) => states[index]?.some(({ state }) => state !== 'missing'));
}

async function isComplete(store: ModelStore, manifest: ModelManifest): Promise<boolean> {
  return (await store.verify(manifest)).every(({ state }) => state === 'verified');
}

function readArguments(args: readonly string[]): {
  values: { dir?: string; mirror?: string; help?: boolean };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: 'string' },
        mirror: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new AppError('invalid_argument', `${(cause as Error).message}\n${MODELS_USAGE}`, { cause });
  }
}
