import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own lines in our format: its notices at debug, its complaints as they are. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown): void {
    this.target.debug(`Nest: ${String(message)}`);
  }
  warn(message: unknown): void {
    this.target.warn(`Nest: ${String(message)}`);
  }
  error(message: unknown): void {
    this.target.error('Nest reported an error', { error: message });
  }
}
