/** The failures a call can have by itself, worded the same on both sides and over every transport. */
import { AppError, isAppError } from '@frontdesk/core';

export function cancelled(): AppError {
  return new AppError('cancelled', 'The call was cancelled.');
}

export function deadlineExceeded(): AppError {
  return new AppError(
    'deadline_exceeded',
    'The answer took longer than the caller waits: try again or allow more time.',
  );
}

export function unavailable(cause?: unknown): AppError {
  return new AppError('unavailable', 'The service cannot be reached right now: try again in a moment.', {
    cause,
  });
}

/** Why a signal was aborted: the reason of a call that ended, `cancelled` for any other. */
export function abortReason(signal: AbortSignal): AppError {
  return isAppError(signal.reason) ? signal.reason : cancelled();
}

/** Calls back once when the first of the signals is aborted, at once if one already is. Returns how to stop listening. */
export function onAbort(signals: readonly AbortSignal[], callback: (reason: AppError) => void): () => void {
  const listeners = signals.map((signal) => ({ signal, listener: () => callback(abortReason(signal)) }));
  for (const { signal, listener } of listeners) {
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  }
  return () => {
    for (const { signal, listener } of listeners) signal.removeEventListener('abort', listener);
  };
}

/**
 * An error as it arrives on the other side: code, message, fields and retry hint; the cause and the stack stay.
 * Clipped to what fits the trailers of a call.
 */
export function portable(error: AppError): AppError {
  return new AppError(error.code, clip(error.message, 2_000), {
    fields: error.fields
      .slice(0, 32)
      .map(({ field, message }) => ({ field: clip(field, 200), message: clip(message, 500) })),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

function clip(text: string, length: number): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.length <= length ? wellFormed : `${wellFormed.slice(0, length - 1).toWellFormed()}…`;
}
