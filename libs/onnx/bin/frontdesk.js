#!/usr/bin/env node
// Committed, because npm links a bin when it installs, and dist is built later.
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/frontdesk.js', import.meta.url);
if (existsSync(built)) {
  // An exit, unlike the death by a signal, lets go of what is held.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const { frontdesk } = await import(built.href);
  process.exitCode = await frontdesk(process.argv.slice(2), {
    environment: process.env,
    output: process.stdout,
    errors: process.stderr,
  });
} else {
  console.error('Frontdesk is not compiled yet: run "make build".');
  process.exitCode = 1;
}
