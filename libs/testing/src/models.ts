/**
 * The real models a test runs on, where they were pulled: from `MODELS_DIR`, else from `.models` of this checkout, where
 * `make test` puts the default ones.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_FILE, ModelStore, readManifests, type ModelManifest } from '@frontdesk/onnx';
import { describeUnless } from './describe-unless.js';

export const MODELS_DIR = process.env['MODELS_DIR'] || join(import.meta.dirname, '../../../.models');

/** A `describe` whose tests need models; `body` gets the store and, in the order of `ids`, their manifests. */
export function describeWithModels(
  ids: readonly string[],
  name: string,
  body: (store: ModelStore, manifests: readonly ModelManifest[]) => void,
): void {
  const store = new ModelStore({ dir: MODELS_DIR });
  const known = readManifests();
  const manifests = ids.map((id) => {
    const manifest = known.find((manifest) => manifest.id === id);
    if (!manifest) throw new Error(`There is no manifest of ${id}.`);
    return manifest;
  });
  const missing = manifests.filter((manifest) => !existsSync(store.pathOf(manifest, MODEL_FILE)));
  const reason = missing.length > 0 ? `no model ${missing.map(({ id }) => id).join(', no ')}` : '';
  describeUnless(reason, `run "make models MODELS='${ids.join(' ')}'"`, name, () => body(store, manifests));
}
