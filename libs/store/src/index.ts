export { Database } from './database.js';
export type { Transaction } from './database.js';
export { openDatabase } from './open-database.js';
export type { DatabaseOptions } from './open-database.js';
export { KeyValue } from './key-value.js';
export type { Lease, RateDecision, RateLimit } from './key-value.js';
export { openKeyValue } from './open-key-value.js';
export { ExpiringMap } from './expiring-map.js';
