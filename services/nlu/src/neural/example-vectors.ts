/** Embeddings of a bot's examples, kept in the database: an example is encoded once, however often its bot is trained. */
import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@frontdesk/store';

/** Texts to vectors, in the same order. */
export type Encode = (texts: readonly string[]) => Promise<Float32Array[]>;

/**
 * The vectors of the texts by `encoder`, those missing encoded and stored; what is not asked for is forgotten. Nothing
 * is stored where `mayStore` says no: the tenant may have been erased while its examples were encoded.
 */
export async function exampleVectors(
  database: Database,
  bot: string,
  encoder: string,
  texts: readonly string[],
  encode: Encode,
  mayStore: (tx: Transaction) => Promise<boolean>,
): Promise<Float32Array[]> {
  const digests = texts.map(digestOf);
  const known = new Map(
    (await database.transaction((tx) => selectVectors(tx, bot, encoder))).map(({ digest, vector }) => [
      digest,
      vectorOf(vector),
    ]),
  );
  const missing = new Map(
    digests.flatMap((digest, i) => (known.has(digest) ? [] : [[digest, texts[i]!] as const])),
  );
  if (missing.size > 0) {
    const encoded = await encode([...missing.values()]);
    [...missing.keys()].forEach((digest, i) => known.set(digest, encoded[i]!));
  }
  const wanted = new Set(digests);
  const stale = [...known.keys()].filter((digest) => !wanted.has(digest));
  if (missing.size > 0 || stale.length > 0) {
    const fresh = [...missing.keys()].map((digest) => ({ digest, vector: bytesOf(known.get(digest)!) }));
    await database.transaction(async (tx) => {
      if (!(await mayStore(tx))) return;
      await insertVectors(tx, bot, encoder, fresh);
      await deleteVectors(tx, bot, encoder, stale);
    });
  }
  return digests.map((digest) => known.get(digest)!);
}

/** What is stored of the texts' vectors, in their order; undefined where nothing is. */
export async function storedVectors(
  tx: Transaction,
  bot: string,
  encoder: string,
  texts: readonly string[],
): Promise<(Float32Array | undefined)[]> {
  const rows = await selectVectors(tx, bot, encoder);
  const known = new Map(rows.map(({ digest, vector }) => [digest, vector]));
  return texts.map((text) => {
    const vector = known.get(digestOf(text));
    return vector && vectorOf(vector);
  });
}

/** Forgets what encoders made that read this bot no longer. */
export async function deleteVectorsOfOthers(
  tx: Transaction,
  bot: string,
  encoders: readonly string[],
): Promise<void> {
  await tx.query('DELETE FROM example_vectors WHERE bot = $1 AND encoder <> ALL ($2::text[])', [
    bot,
    encoders,
  ]);
}

/** Everything of the tenant, for erasure. */
export async function deleteExampleVectors(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM example_vectors');
}

interface VectorRow {
  readonly digest: string;
  readonly vector: Uint8Array;
}

function selectVectors(tx: Transaction, bot: string, encoder: string): Promise<VectorRow[]> {
  return tx.query<VectorRow & object>(
    'SELECT digest, vector FROM example_vectors WHERE bot = $1 AND encoder = $2',
    [bot, encoder],
  );
}

async function insertVectors(tx: Transaction, bot: string, encoder: string, rows: readonly VectorRow[]) {
  await tx.query(
    `INSERT INTO example_vectors (bot, encoder, digest, vector)
     SELECT $1, $2, digest, vector FROM unnest($3::text[], $4::bytea[]) AS given (digest, vector)
     ON CONFLICT (tenant_id, bot, encoder, digest) DO NOTHING`,
    [bot, encoder, rows.map((row) => row.digest), rows.map((row) => row.vector)],
  );
}

async function deleteVectors(tx: Transaction, bot: string, encoder: string, digests: readonly string[]) {
  await tx.query(
    'DELETE FROM example_vectors WHERE bot = $1 AND encoder = $2 AND digest = ANY ($3::text[])',
    [bot, encoder, digests],
  );
}

function digestOf(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A copy of its own starts at offset 0, which the four-byte array needs. */
function vectorOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
