/**
 * The ids of events that a service has taken in. An id is written in the transaction of its effect, so that a
 * record which arrives again, or in two processes at once, has no second effect.
 */
import type { Database, Transaction } from '@frontdesk/store';
import type { EventLog, EventRecord } from './event-bus.js';

/** Longer than a broker keeps records by default (7 days), so that no copy can outlive its id. */
const KEEP_DAYS = 14;
const SWEEP_MS = 3_600_000;
/** Per statement, so that a sweep never holds the database for long. */
const SWEEP_ROWS = 5_000;

/** False when the event was taken in before; waits while another transaction is taking it in. */
export async function acceptOnce(tx: Transaction, { id, topic }: EventRecord): Promise<boolean> {
  const accepted = await tx.query(
    'INSERT INTO inbox (event_id, topic) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
    [id, topic],
  );
  return accepted.length > 0;
}

/** Forgets old ids every hour, until the result is called. */
export function sweepInbox(db: Database, log: EventLog): () => void {
  const timer = setInterval(() => {
    sweepOnce(db).catch((error: unknown) =>
      log.warn('Old ids could not be removed from the inbox', { error }),
    );
  }, SWEEP_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Forgets ids older than 14 days. */
export async function sweepOnce(db: Database): Promise<void> {
  for (let removed = SWEEP_ROWS; removed === SWEEP_ROWS;) {
    const rows = await db.system((tx) =>
      tx.query(
        `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM inbox WHERE handled_at < now() - $1 * interval '1 day' LIMIT $2))
         RETURNING 1`,
        [KEEP_DAYS, SWEEP_ROWS],
      ),
    );
    removed = rows.length;
  }
}
