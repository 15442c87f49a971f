/**
 * A fact is written in the transaction that makes it true, and sent afterwards by the relay: either both happen or
 * neither. Events of one key go out in the order of their commits.
 *
 * Hides: identity columns number rows in the order of the inserts, so a transaction that commits late would be
 * overtaken. The key's lock, taken before the number and held until the commit, makes the two orders one. Add last
 * in the transaction, and keys in a fixed order if there are several.
 */
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { context, propagation } from '@opentelemetry/api';
import type { Topic } from '@frontdesk/contracts';
import { AppError, currentContext, newId } from '@frontdesk/core';
import type { Transaction } from '@frontdesk/store';

/** An event is a fact, not a document: half of what a broker takes by default (1 MiB for a whole batch). */
const LARGEST_EVENT_BYTES = 512 * 1024;

/** The lock is a step of the insert, so that it costs no round trip of its own. */
const ADD = `
  WITH lane AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($2 || ' ' || $3, 0)))
  INSERT INTO outbox (id, topic, key, payload, headers) SELECT $1, $2, $3, $4, $5::jsonb FROM lane`;

export class Outbox {
  constructor(private readonly relay: { wake(): void }) {}

  /**
   * Tells `event` once `tx` has committed. Throws `invalid_argument` for an event without a key or larger than
   * 512 KiB, `failed_precondition` outside a tenant's transaction.
   */
  async add<D extends DescMessage>(
    tx: Transaction,
    topic: Topic<D>,
    event: MessageInitShape<D>,
  ): Promise<void> {
    if (tx.tenantId === undefined) {
      throw new AppError(
        'failed_precondition',
        "An event belongs to a tenant: add it in the tenant's transaction.",
      );
    }
    const message = create(topic.message, event);
    const key = topic.key(message);
    if (!key) throw new AppError('invalid_argument', `An event of ${topic.name} needs its key.`);
    const payload = toBinary(topic.message, message);
    if (payload.length > LARGEST_EVENT_BYTES) {
      throw new AppError('invalid_argument', `An event of ${topic.name} is too large: send an id instead.`);
    }
    await tx.query(ADD, [newId(), topic.name, key, payload, JSON.stringify(causeHeaders())]);
    tx.afterCommit(() => this.relay.wake());
  }
}

/** Lets the consumer's trace and log lines continue those of the request. */
function causeHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  const requestId = currentContext()?.requestId;
  if (requestId) headers['x-request-id'] = requestId;
  return headers;
}
