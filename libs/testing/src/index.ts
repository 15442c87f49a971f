export { describeWith, freshDatabase, freshPrefix, servers } from './servers.js';
export type { FreshDatabase, ServerName, Servers } from './servers.js';
