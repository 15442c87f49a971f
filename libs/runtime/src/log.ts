/**
 * JSON lines with the request's id, tenant and conversation. What a customer said never reaches a log: a field is
 * printed only if its name is on the allow-list below, or its value is a number or a boolean. Messages are constant
 * sentences; everything that varies goes into fields.
 */
import { pino, type Logger as Pino } from 'pino';
import { context as otelContext, trace } from '@opentelemetry/api';
import { codeOf, currentContext, isAppError, maskPii } from '@frontdesk/core';

/** Names whose string values are identifiers, enumerations or addresses of our own machines. */
const allowed = new Set([
  'service',
  'method',
  'code',
  'requestId',
  'tenantId',
  'conversationId',
  'turnId',
  'handoffId',
  'articleId',
  'jobId',
  'agentId',
  'keyId',
  'principal',
  'bot',
  'intent',
  'emotion',
  'language',
  'kind',
  'reason',
  'state',
  'status',
  'model',
  'encoder',
  'version',
  'refused',
  'note',
  'engine',
  'topic',
  'group',
  'eventId',
  'key',
  'address',
  'url',
  'port',
  'signal',
  'adapter',
  'file',
  'migration',
  'rung',
  'step',
  'channel',
]);

export type LogFields = Readonly<Record<string, unknown>>;

export abstract class Log {
  abstract debug(message: string, fields?: LogFields): void;
  abstract info(message: string, fields?: LogFields): void;
  abstract warn(message: string, fields?: LogFields): void;
  /** `fields.error` may hold what was thrown: its code, masked message and stack are printed. */
  abstract error(message: string, fields?: LogFields): void;
}

class PinoLog extends Log {
  constructor(private readonly pino: Pino) {
    super();
  }
  debug(message: string, fields: LogFields = {}): void {
    if (this.pino.isLevelEnabled('debug')) this.pino.debug(printable(fields), message);
  }
  info(message: string, fields: LogFields = {}): void {
    if (this.pino.isLevelEnabled('info')) this.pino.info(printable(fields), message);
  }
  warn(message: string, fields: LogFields = {}): void {
    this.pino.warn(printable(fields), message);
  }
  error(message: string, fields: LogFields = {}): void {
    this.pino.error(printable(fields), message);
  }
}

/** Where lines go; tests read them back. */
export interface LogSink {
  write(line: string): void;
}

/** The log of one service. `sink` defaults to stdout. */
export function openLog(service: string, level: string, sink?: LogSink): Log {
  const options = {
    level,
    base: { service },
    mixin: requestFields,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return new PinoLog(sink ? pino(options, sink) : pino(options));
}

function requestFields(): object {
  const request = currentContext();
  const span = trace.getSpan(otelContext.active())?.spanContext();
  return {
    ...(request && {
      requestId: request.requestId,
      tenantId: request.tenantId,
      conversationId: request.conversationId,
    }),
    ...(span && { traceId: span.traceId }),
  };
}

/** The fields that may be printed; every other string is replaced by its length. */
function printable(fields: LogFields): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (name === 'error') return errorFields(value);
  if (Array.isArray(value)) return value.map((item) => shown(name, item));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return allowed.has(name) ? text : `[masked ${text.length} characters]`;
}

function errorFields(error: unknown): object {
  const cause = error instanceof Error ? error.cause : undefined;
  return {
    code: codeOf(error),
    message: maskPii(error instanceof Error ? error.message : String(error)),
    ...(error instanceof Error && !isAppError(error) && { stack: maskPii(error.stack ?? '') }),
    ...(cause !== undefined && { cause: errorFields(cause) }),
  };
}
