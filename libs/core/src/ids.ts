/** Identifiers that sort by the time they were made (UUIDv7, RFC 9562 section 5.7), opaque to callers. */
import { randomFillSync } from 'node:crypto';

const randomBytes = 10;
/** Drawn for many ids at once: a draw costs more than all the rest of an id. */
const drawn = Buffer.alloc(256 * randomBytes);
let next = drawn.length;

/** A UUIDv7 as 36 characters, e.g. `0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a`. */
export function newId(nowMs: number = Date.now()): string {
  if (next === drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  const time = nowMs.toString(16).padStart(12, '0');
  const tail = drawn.toString('hex', next, next + randomBytes);
  const variant = ((drawn[next + 2]! & 0x3f) | 0x80).toString(16);
  next += randomBytes;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(6, 8)}-${tail.slice(8, 20)}`;
}
