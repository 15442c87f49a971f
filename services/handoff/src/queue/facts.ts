import type { Transaction } from '@frontdesk/store';
import type { Handoff } from './handoff.js';

/** Tells the mesh how a handoff stands, with the transaction that made it so. Implemented in `events/`. */
export abstract class HandoffFacts {
  abstract changed(tx: Transaction, handoff: Handoff, note?: string): Promise<void>;
}
