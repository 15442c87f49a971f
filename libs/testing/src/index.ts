export { describeWith, freshDatabase, freshPrefix, servers } from './servers.js';
export type { FreshDatabase, ServerName, Servers } from './servers.js';
export { TestMesh, eventually, fake, startMesh } from './mesh.js';
export type { Caller, Fake, MeshOptions } from './mesh.js';
