/**
 * The outbox as a relay sees it: what was sent goes, what comes next is read, and the lease says who may do so, all
 * in one short transaction. The server's clock alone decides when a lease ends.
 */
import type { Database, Transaction } from '@frontdesk/store';
import type { EventRecord } from './event-bus.js';

/** One batch: enough to be cheap per event, small enough for one request to a broker (1 MiB). */
const BATCH_EVENTS = 500;
const BATCH_BYTES = 256 * 1024;
/** Envelope and headers of one event, roughly. */
const ENVELOPE_BYTES = 512;
/** After a kill another relay takes over within this time. */
const LEASE_MS = 5_000;

export interface OutboxRow extends EventRecord {
  /** Rises with the commits of a key. */
  readonly position: number;
}

export interface PendingEvents {
  readonly count: number;
  /** Age of the oldest; 0 when there is none. */
  readonly oldestSeconds: number;
  /** Refused by the bus for good; the column `parked_because` says why. */
  readonly parked: number;
}

export interface Refusal {
  readonly position: number;
  readonly reason: string;
}

export interface Exchange {
  /** Positions that the bus has. */
  readonly sent: readonly number[];
  readonly refused: readonly Refusal[];
  /** Positions read before and still on their way. */
  readonly inHand: readonly number[];
  /** Whether another batch is wanted. */
  readonly room: boolean;
}

export interface Batch {
  readonly rows: readonly OutboxRow[];
  /** Nothing left to read; more right now; more, but another relay speaks for the service. */
  readonly rest: 'none' | 'more' | 'held';
}

export class OutboxTable {
  constructor(
    private readonly db: Database,
    private readonly holder: string,
  ) {}

  exchange({ sent, refused, inHand, room }: Exchange): Promise<Batch> {
    return this.db.system(async (tx) => {
      if (sent.length > 0) await tx.query('DELETE FROM outbox WHERE position = ANY($1)', [sent]);
      for (const { position, reason } of refused) {
        await tx.query('UPDATE outbox SET parked_because = $2 WHERE position = $1', [position, reason]);
      }
      if (!(await this.takeLease(tx, inHand))) return { rows: [], rest: (await waits(tx)) ? 'held' : 'none' };
      const rows = room ? await read(tx, inHand) : [];
      if (rows.length === 0 && inHand.length === 0) await this.releaseLease(tx);
      return { rows, rest: isFull(rows) ? 'more' : 'none' };
    });
  }

  async pending(): Promise<PendingEvents> {
    const [row] = await this.db.system((tx) =>
      tx.query<PendingEvents>(
        `SELECT count(*) FILTER (WHERE parked_because IS NULL) AS count,
                coalesce(extract(epoch FROM clock_timestamp()
                  - min(occurred_at) FILTER (WHERE parked_because IS NULL)), 0)::float8 AS "oldestSeconds",
                count(parked_because) AS parked
         FROM outbox`,
      ),
    );
    return row!;
  }

  /** Also renews. Takes nothing, and so writes nothing, when there is nothing to send. */
  private async takeLease(tx: Transaction, inHand: readonly number[]): Promise<boolean> {
    const taken = await tx.query(
      `UPDATE outbox_relay SET holder = $1, held_until = clock_timestamp() + $2 * interval '1 ms'
       WHERE CASE WHEN held_until > clock_timestamp() THEN holder = $1
                  ELSE $3 OR EXISTS (SELECT FROM outbox WHERE parked_because IS NULL) END
       RETURNING one`,
      [this.holder, LEASE_MS, inHand.length > 0],
    );
    return taken.length > 0;
  }

  private async releaseLease(tx: Transaction): Promise<void> {
    await tx.query(`UPDATE outbox_relay SET held_until = '-infinity' WHERE holder = $1`, [this.holder]);
  }
}

async function waits(tx: Transaction): Promise<boolean> {
  return (await tx.query('SELECT FROM outbox WHERE parked_because IS NULL LIMIT 1')).length > 0;
}

/** A statement after that of the lease: it must not see rows which the last holder has deleted meanwhile. */
function read(tx: Transaction, inHand: readonly number[]): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>(
    `SELECT position, id, topic, key, payload, tenant_id AS "tenantId", headers,
            (extract(epoch FROM occurred_at) * 1000)::float8 AS "occurredAt"
     FROM (SELECT *, sum(octet_length(payload) + $2) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS bytes
           FROM outbox WHERE parked_because IS NULL AND position <> ALL ($1)
           ORDER BY position LIMIT $3) AS head
     WHERE bytes - octet_length(payload) - $2 < $4
     ORDER BY position`,
    [inHand, ENVELOPE_BYTES, BATCH_EVENTS, BATCH_BYTES],
  );
}

function isFull(rows: readonly OutboxRow[]): boolean {
  const bytes = rows.reduce((sum, row) => sum + row.payload.length + ENVELOPE_BYTES, 0);
  return rows.length === BATCH_EVENTS || bytes >= BATCH_BYTES;
}
