export { AppError, ErrorCode, codeOf, isAppError, isRetryable, toAppError } from './errors.js';
export type { AppErrorOptions, FieldViolation } from './errors.js';
export { newId } from './ids.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { currentContext, remainingMs, requireTenant, runInContext } from './context.js';
export type { Principal, PrincipalKind, RequestContext } from './context.js';
