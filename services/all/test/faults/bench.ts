import type { ApartMesh } from '../harness/apart.js';
import type { ModelServer } from '../harness/model-server.js';
import type { OwnStores } from '../harness/stores.js';

/** A mesh apart with two dialogue processes, and all that can be broken about it. */
export interface Bench {
  readonly mesh: ApartMesh;
  readonly stores: OwnStores;
  readonly model: ModelServer;
}
