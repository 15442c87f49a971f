/**
 * Messages to bytes. Both transports carry the same bytes under the same limit, so a message that passes in one
 * process passes between two.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { AppError } from '@frontdesk/core';

/** What gRPC implementations accept by default. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Throws `resource_exhausted` above MAX_MESSAGE_BYTES, and a plain Error for a value its field cannot hold. */
export function encode<D extends DescMessage>(schema: D, value: MessageInitShape<D>): Uint8Array {
  const bytes = toBinary(schema, create(schema, value));
  if (bytes.length > MAX_MESSAGE_BYTES) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    throw new AppError(
      'resource_exhausted',
      `${schema.name} takes ${size} MB and a call carries at most 4 MB: split it into several calls.`,
    );
  }
  return bytes;
}
