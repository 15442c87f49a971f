import { Injectable } from '@nestjs/common';
import { Log } from '@frontdesk/runtime';
import type { Told } from './problem.js';

/** What was our fault, for those who mend it: the caller is told a sentence, the log everything. */
@Injectable()
export class Faults {
  constructor(private readonly log: Log) {}

  report({ fault, problem }: Told): void {
    if (!fault) return;
    const fields = { code: fault.code, status: problem.status, error: fault.cause ?? fault };
    if (problem.status === 500) this.log.error('A request failed', fields);
    else this.log.warn('A request could not be answered', fields);
  }
}
