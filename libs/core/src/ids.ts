/** Identifiers that sort by the time they were made (UUIDv7, RFC 9562 section 5.7), opaque to callers. */
import { randomFillSync } from 'node:crypto';

const random = new Uint8Array(10);

/** A UUIDv7 as 36 characters, e.g. `0193f8d1-7b2c-7e4a-9c55-0f1e2d3c4b5a`. */
export function newId(nowMs: number = Date.now()): string {
  randomFillSync(random);
  const time = nowMs.toString(16).padStart(12, '0');
  const tail = Buffer.from(random).toString('hex');
  const variant = ((random[2]! & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(6, 8)}-${tail.slice(8, 20)}`;
}
