export { TestMesh, eventually, fake, startMesh } from './mesh.js';
export type { Caller, Fake, MeshOptions } from './mesh.js';
