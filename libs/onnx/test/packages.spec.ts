/** On the real clients and registries: one small, old package of each ecosystem. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Packages } from '../src/models/packages.js';
import { parseSource, type PackageSource } from '../src/models/source.js';
import { scratch, sha256, type Scratch } from './sample-model.js';

const ENTRIES = [
  {
    program: 'mvn',
    source: 'maven:org.slf4j:slf4j-api:2.0.16!META-INF/LICENSE.txt',
    bytes: 1178,
    sha256: '4e7f90c86ab51278228bce153122f1d8df30149d13ce9ef524c8444a84c32dcc',
  },
  {
    program: 'pip',
    source: 'pypi:six==1.16.0!six.py',
    bytes: 34549,
    sha256: '4ce39f422ee71467ccac8bed76beb05f8c321c7f0ceda9279ae2dfa3670106b3',
  },
  {
    program: 'npm',
    source: 'npm:ms@2.1.3!index.js',
    bytes: 3024,
    sha256: 'e5f0b6a946a9b2b356a28557728410717df54ea2f599edb619f9839df6b7b0e9',
  },
];

const known = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const packageSource = (text: string): PackageSource => parseSource(text) as PackageSource;

describe('a file in a package', () => {
  let packages: Packages;
  let folder: Scratch;
  let to: string;
  beforeEach(async () => {
    packages = new Packages();
    folder = await scratch();
    to = join(folder.dir, 'entry');
  });
  afterEach(async () => {
    await packages.close();
    await folder[Symbol.asyncDispose]();
  });

  for (const { program, source, bytes, sha256: expected } of ENTRIES) {
    const skipped = process.env['CI'] !== 'true' && !known(program);
    if (skipped) process.stderr.write(`skipped: no ${program} for "${source}": install it\n`);
    describe(`of ${program}`, () => {
      (skipped ? it.skip : it)('is fetched by that client, and only as the size says', async () => {
        await packages.extract(packageSource(source), bytes, to);
        expect(sha256(await readFile(to))).toBe(expected);
        await expect(packages.extract(packageSource(source), bytes + 1, to)).rejects.toMatchObject({
          code: 'data_loss',
        });
        await expect(packages.extract(packageSource(`${source}.gone`), bytes, to)).rejects.toMatchObject({
          code: 'not_found',
        });
      });
    });
  }

  it('of a package that does not exist is not had, and the client says why', async () => {
    const source = packageSource('npm:ms@0.0.0-never!index.js');
    await expect(packages.extract(source, 1, to)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('npm failed'),
    });
  });
});
