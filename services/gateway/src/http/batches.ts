/** A call carries 4 MiB at most; as JSON, a message is about as large as on the wire, or larger. */
const mostBytes = 2 * 1024 * 1024;
const mostItems = 500;

/** Cuts a list, in order, into parts that fit one call each; `contentOf` is what an item will take with it. */
export function batches<T>(items: readonly T[], contentOf: (item: T) => unknown): T[][] {
  const parts: T[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(contentOf(item)));
    let part = parts.at(-1);
    if (!part || bytes + size > mostBytes || part.length >= mostItems) {
      parts.push((part = []));
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  return parts;
}
