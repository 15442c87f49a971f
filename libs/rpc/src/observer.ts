/**
 * What the rest of the system may learn of a call, on either side: metrics and logs are made of these by whoever
 * owns them (libs/runtime), so that no metrics library is known here.
 */
import type { AppError, ErrorCode } from '@frontdesk/core';

export interface RpcCall {
  readonly side: 'client' | 'server';
  /** Full name, e.g. `frontdesk.nlu.v1.NluService`. */
  readonly service: string;
  /** Name in the contract, e.g. `Analyze`. */
  readonly method: string;
}

export interface FinishedCall extends RpcCall {
  readonly code: 'ok' | ErrorCode;
  /** From the first byte to the last; a stream counts until its end. */
  readonly seconds: number;
  /** Present unless the code is `ok`; its `cause` holds the original, which no caller ever sees. */
  readonly error?: AppError;
}

export interface RpcObserver {
  started?(call: RpcCall): void;
  /** Exactly once for each started call. */
  finished(call: FinishedCall): void;
}
