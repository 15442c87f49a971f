import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const filesBelow = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );

it('the committed code is what proto/ generates now (if not: make proto)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-contracts-'));
  try {
    const template = {
      version: 'v2',
      plugins: [{ local: 'protoc-gen-es', out: folder, opt: ['target=ts', 'import_extension=js'] }],
    };
    execFileSync(join(root, 'node_modules/.bin/buf'), ['generate', '--template', JSON.stringify(template)], {
      cwd: join(root, 'proto'),
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` },
    });
    const generated = filesBelow(folder);
    expect(generated.size).toBeGreaterThan(0);
    expect(filesBelow(join(root, 'libs/contracts/src/gen'))).toEqual(generated);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
