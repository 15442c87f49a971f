import { createWriteStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { ModelStore } from '../src/models/model-store.js';
import { exportTarball, importTarball } from '../src/models/tarball.js';
import { MODEL, sampleManifest, scratch, TOKENIZER, type Scratch } from './sample-model.js';

describe('a tarball of models', () => {
  const manifest = sampleManifest();
  const top = `sample/${manifest.revision}`;
  let folder: Scratch;
  let tarball: string;
  let store: ModelStore;

  beforeEach(async () => {
    folder = await scratch();
    tarball = join(folder.dir, 'models.tar');
    store = new ModelStore({ dir: join(folder.dir, 'store') });
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const write = async (
    ...entries: (Partial<Header> & { name: string; content?: Uint8Array })[]
  ): Promise<void> => {
    const archive = pack();
    for (const { content = new Uint8Array(), ...header } of entries) archive.entry(header, content);
    archive.finalize();
    await pipeline(archive, createWriteStream(tarball));
  };
  const whole = [
    { name: `${top}/model.onnx`, content: MODEL },
    { name: `${top}/tokenizer.json`, content: TOKENIZER },
  ];
  /** The paths of all files in the scratch folder but the tarball. */
  const filesAround = async (): Promise<string[]> => {
    const all = await readdir(folder.dir, { recursive: true, withFileTypes: true });
    return all.filter((file) => !file.isDirectory() && file.name !== 'models.tar').map(({ name }) => name);
  };

  it('carries a model from one machine to another, the same bytes each time', async () => {
    await write(...whole);
    expect(await importTarball(tarball, [manifest], store)).toEqual([manifest]);
    const first = join(folder.dir, 'first.tar');
    const second = join(folder.dir, 'second.tar');
    await exportTarball(first, [manifest], store);
    // Times in tar are whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await exportTarball(second, [manifest], store);
    expect((await readFile(first)).equals(await readFile(second))).toBe(true);

    const other = new ModelStore({ dir: join(folder.dir, 'other') });
    await importTarball(first, [manifest], other);
    expect(MODEL.equals(await other.read(manifest, 'model.onnx'))).toBe(true);
    expect(TOKENIZER.equals(await other.read(manifest, 'tokenizer.json'))).toBe(true);
  });

  it('may be made by hand and gzipped', async () => {
    await write(
      { name: './', type: 'directory' },
      ...whole.map((entry) => ({ ...entry, name: `./${entry.name}` })),
    );
    await writeFile(tarball, gzipSync(await readFile(tarball)));
    await importTarball(tarball, [manifest], store);
    expect(MODEL.equals(await store.read(manifest, 'model.onnx'))).toBe(true);
  });

  it.each([
    ['a path which leaves the folder', { name: '../evil', content: TOKENIZER }, 'invalid_argument'],
    [
      'such a path behind a known one',
      { name: `${top}/../../../evil`, content: TOKENIZER },
      'invalid_argument',
    ],
    ['an absolute path', { name: '/evil', content: TOKENIZER }, 'invalid_argument'],
    ['an unknown file', { name: `${top}/evil`, content: TOKENIZER }, 'invalid_argument'],
    [
      'a link under a known name',
      { name: `${top}/model.onnx`, type: 'symlink' as const, linkname: '/etc/passwd' },
      'data_loss',
    ],
    ['another size', { name: `${top}/model.onnx`, content: TOKENIZER }, 'data_loss'],
    ['other bytes', { name: `${top}/model.onnx`, content: Buffer.alloc(MODEL.length) }, 'data_loss'],
  ])('with %s is refused as a whole', async (_, entry, code) => {
    await write(...whole, entry);
    await expect(importTarball(tarball, [manifest], store)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(entry.name.split('/').at(-1) as string),
    });
    expect(await filesAround()).toEqual([]);
  });

  it('is not read on where an entry is too large to be the file it is named as', async () => {
    await write({ name: `${top}/model.onnx`, content: Buffer.concat([MODEL, MODEL]) });
    await writeFile(tarball, (await readFile(tarball)).subarray(0, 100_000));
    await expect(importTarball(tarball, [manifest], store)).rejects.toMatchObject({ code: 'data_loss' });
  });

  it('is refused with the licence of its model', async () => {
    await write(...whole);
    const strict = new ModelStore({ dir: store.dir, licences: [] });
    await expect(importTarball(tarball, [manifest], strict)).rejects.toMatchObject({
      code: 'failed_precondition',
    });
    expect(await filesAround()).toEqual([]);
  });

  it('which is cut off or none at all is refused', async () => {
    await write(...whole);
    await writeFile(tarball, (await readFile(tarball)).subarray(0, 100_000));
    await expect(importTarball(tarball, [manifest], store)).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await writeFile(tarball, gzipSync(MODEL).subarray(0, 100));
    await expect(importTarball(tarball, [manifest], store)).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    expect(await filesAround()).toEqual([]);
  });

  it('is not written of a model that is corrupt', async () => {
    await write(...whole);
    await importTarball(tarball, [manifest], store);
    await writeFile(store.pathOf(manifest, 'tokenizer.json'), 'broken');
    const out = join(folder.dir, 'out.tar');
    await expect(exportTarball(out, [manifest], store)).rejects.toMatchObject({ code: 'data_loss' });
    expect((await readdir(dirname(out))).sort()).toEqual(['models.tar', 'store']);
  });
});
