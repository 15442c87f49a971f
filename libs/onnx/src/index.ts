export { Hub, PUBLIC_HUB_URL } from './models/hub.js';
export type { HubOptions } from './models/hub.js';
export { PERMISSIVE_LICENCES } from './models/licence.js';
export { MODEL_FILE, TOKENIZER_FILE, parseManifest, readManifests } from './models/manifest.js';
export type { ModelFile, ModelManifest } from './models/manifest.js';
export { ModelStore } from './models/model-store.js';
export type { FileState, ModelStoreOptions } from './models/model-store.js';
export { pull } from './models/pull.js';
export type { PullOptions, PullStep } from './models/pull.js';
