/**
 * An AppError as google.rpc.Status with google.rpc.BadRequest and google.rpc.RetryInfo, the form in which any stock
 * gRPC client finds field violations and retry hints (google/rpc/status.proto, google/rpc/error_details.proto).
 * Written by hand: four small messages that will not change are less than a second source of generated code.
 *
 *   Status     { 1: code, 2: message, 3: repeated Any { 1: type_url, 2: value } }
 *   BadRequest { 1: repeated FieldViolation { 1: field, 2: description } }
 *   RetryInfo  { 1: Duration { 1: seconds, 2: nanos } }
 */
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { AppError, ErrorCode } from '@frontdesk/core';
import type { FieldViolation } from '@frontdesk/core';

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

const codeNames = new Map<number, ErrorCode>(
  Object.entries(ErrorCode).map(([name, number]) => [number, name as ErrorCode]),
);

export function codeOfNumber(number: number): ErrorCode {
  return codeNames.get(number) ?? 'unknown';
}

export function writeDetails(error: AppError): Uint8Array {
  const status = new BinaryWriter();
  status.uint32(tag(1, 0)).int32(ErrorCode[error.code]);
  status.uint32(tag(2, 2)).string(error.message);
  if (error.fields.length > 0) {
    const badRequest = new BinaryWriter();
    for (const { field, message } of error.fields) {
      badRequest
        .uint32(tag(1, 2))
        .fork()
        .uint32(tag(1, 2))
        .string(field)
        .uint32(tag(2, 2))
        .string(message)
        .join();
    }
    writeAny(status, BAD_REQUEST, badRequest);
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.trunc(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs % 1000) * 1e6);
    const retryInfo = new BinaryWriter();
    retryInfo.uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int64(seconds).uint32(tag(2, 0)).int32(nanos).join();
    writeAny(status, RETRY_INFO, retryInfo);
  }
  return status.finish();
}

function writeAny(status: BinaryWriter, typeUrl: string, value: BinaryWriter): void {
  status
    .uint32(tag(3, 2))
    .fork()
    .uint32(tag(1, 2))
    .string(typeUrl)
    .uint32(tag(2, 2))
    .bytes(value.finish())
    .join();
}

export function readDetails(bytes: Uint8Array): AppError {
  let code: ErrorCode = 'unknown';
  let message = '';
  let fields: FieldViolation[] = [];
  let retryAfterMs: number | undefined;
  read(bytes, {
    1: (status) => (code = codeOfNumber(status.int32())),
    2: (status) => (message = status.string()),
    3: (status) => {
      const { typeUrl, value } = readAny(status.bytes());
      if (typeUrl === BAD_REQUEST) fields = readBadRequest(value);
      if (typeUrl === RETRY_INFO) retryAfterMs = readRetryInfo(value);
    },
  });
  return new AppError(code, message, { fields, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function readAny(bytes: Uint8Array): { typeUrl: string; value: Uint8Array } {
  const any: { typeUrl: string; value: Uint8Array } = { typeUrl: '', value: new Uint8Array() };
  read(bytes, { 1: (field) => (any.typeUrl = field.string()), 2: (field) => (any.value = field.bytes()) });
  return any;
}

function readBadRequest(bytes: Uint8Array): FieldViolation[] {
  const violations: FieldViolation[] = [];
  read(bytes, {
    1: (badRequest) => {
      const violation = { field: '', message: '' };
      read(badRequest.bytes(), {
        1: (field) => (violation.field = field.string()),
        2: (field) => (violation.message = field.string()),
      });
      violations.push(violation);
    },
  });
  return violations;
}

function readRetryInfo(bytes: Uint8Array): number {
  let ms = 0;
  read(bytes, {
    1: (retryInfo) =>
      read(retryInfo.bytes(), {
        1: (duration) => (ms += Number(duration.int64()) * 1000),
        2: (duration) => (ms += duration.int32() / 1e6),
      }),
  });
  return ms;
}

const tag = (field: number, wireType: 0 | 2): number => (field << 3) | wireType;

/** Hands each field of a message to its reader; fields without one are skipped. */
function read(bytes: Uint8Array, readers: Readonly<Record<number, (reader: BinaryReader) => unknown>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const readField = readers[field];
    if (readField) readField(reader);
    else reader.skip(wireType, field);
  }
}
