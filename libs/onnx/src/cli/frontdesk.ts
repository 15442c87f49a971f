/** The program `frontdesk`: which command, and how it ends. `bin/frontdesk.js` gives it the process. */
import { isAppError } from '@frontdesk/core';
import { modelsCommand } from './models-command.js';
import type { Output } from './pull-display.js';

export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly errors: Output;
}

const USAGE = `Usage: frontdesk <command>
  models   list, fetch, verify, export and import model files: frontdesk models --help`;

/** Resolves to the exit status; a failure is a sentence on `errors`, never a stack, unless it is our own fault. */
export async function frontdesk([command, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (command === 'models') return await modelsCommand(args, terminal);
  } catch (error) {
    if (!isAppError(error)) throw error;
    terminal.errors.write(`${error.message}\n`);
    return error.code === 'invalid_argument' ? 2 : 1;
  }
  const asked = command === '--help' || command === '-h';
  (asked ? terminal.output : terminal.errors).write(`${USAGE}\n`);
  return asked ? 0 : 2;
}
