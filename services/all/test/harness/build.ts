import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Compiles what a test runs as it is shipped. Where that is up to date it costs a second. */
export function build(project = 'services/all'): void {
  const root = join(import.meta.dirname, '../../../..');
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', project], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The services do not compile:\n${stdout}`);
}
