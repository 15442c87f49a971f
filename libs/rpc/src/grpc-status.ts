/**
 * AppError as a gRPC status and back. The trailer `grpc-status-details-bin` (status-details.ts) tells whose words a
 * message is made of: without it a status comes from a library or a proxy, whose text may name addresses, so the
 * caller gets a neutral sentence and the original stays in `cause`.
 */
import { Metadata } from '@grpc/grpc-js';
import type { ServiceError, StatusObject } from '@grpc/grpc-js';
import { AppError, ErrorCode, toAppError } from '@frontdesk/core';
import { deadlineExceeded, portable, unavailable } from './failures.js';
import { codeOfNumber, readDetails, writeDetails } from './status-details.js';

const DETAILS = 'grpc-status-details-bin';

export function toStatus(thrown: unknown): StatusObject {
  const error = portable(toAppError(thrown));
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(writeDetails(error)));
  return { code: ErrorCode[error.code], details: error.message, metadata };
}

export function fromStatus(status: ServiceError): AppError {
  const [details] = status.metadata?.get(DETAILS) ?? [];
  if (details instanceof Buffer) return readDetails(details);
  return fromForeignStatus(codeOfNumber(status.code), status);
}

function fromForeignStatus(code: ErrorCode, cause: ServiceError): AppError {
  switch (code) {
    case 'deadline_exceeded':
      return deadlineExceeded();
    // A call the caller itself cancelled never comes here: this is a connection that was cut.
    case 'cancelled':
    case 'unavailable':
      return unavailable(cause);
    default:
      return new AppError(code, `The call failed (${code.replaceAll('_', ' ')}).`, { cause });
  }
}
