/** Rows of `answers`: what was answered to a request with an Idempotency-Key. */
import type { Transaction } from '@frontdesk/store';

export interface AnswerRow {
  readonly request: Buffer;
  readonly answer: Buffer | null;
}

/** Claims `id` for this request; false when another holds it whose time is not over. */
export async function insertClaim(
  tx: Transaction,
  id: Buffer,
  request: Buffer,
  seconds: number,
): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO answers (id, request, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
     ON CONFLICT (tenant_id, id) DO UPDATE
       SET request = excluded.request, answer = NULL, expires_at = excluded.expires_at
       WHERE answers.expires_at <= now()
     RETURNING id`,
    [id, request, seconds],
  );
  return rows.length > 0;
}

export async function selectAnswer(tx: Transaction, id: Buffer): Promise<AnswerRow | undefined> {
  return (await tx.query<AnswerRow>('SELECT request, answer FROM answers WHERE id = $1', [id]))[0];
}

export async function storeAnswer(
  tx: Transaction,
  id: Buffer,
  answer: Buffer,
  seconds: number,
): Promise<void> {
  await tx.query(
    'UPDATE answers SET answer = $2, expires_at = now() + make_interval(secs => $3) WHERE id = $1',
    [id, answer, seconds],
  );
}

export async function deleteClaim(tx: Transaction, id: Buffer): Promise<void> {
  await tx.query('DELETE FROM answers WHERE id = $1', [id]);
}

/** All of the transaction's tenant. */
export async function deleteAnswers(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM answers');
}

/** At most `most` of those whose time is over, of every tenant; gives how many. For the system role. */
export async function deleteExpired(tx: Transaction, most: number): Promise<number> {
  const rows = await tx.query(
    `DELETE FROM answers WHERE (tenant_id, id) IN
       (SELECT tenant_id, id FROM answers WHERE expires_at <= now() ORDER BY expires_at LIMIT $1)
     RETURNING id`,
    [most],
  );
  return rows.length;
}
