import { access, mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelStore } from '../src/models/model-store.js';
import { MODEL, sampleManifest, scratch, sha256, TOKENIZER, type Scratch } from './sample-model.js';

describe('a store of models', () => {
  const manifest = sampleManifest();
  let folder: Scratch;
  let store: ModelStore;
  const put = async (name: string, content: Uint8Array): Promise<void> => {
    const path = store.pathOf(manifest, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };

  beforeEach(async () => {
    folder = await scratch();
    store = new ModelStore({ dir: folder.dir });
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it('gives the bytes of a file that is what its manifest says', async () => {
    await put('tokenizer.json', TOKENIZER);
    expect(TOKENIZER.equals(await store.read(manifest, 'tokenizer.json'))).toBe(true);
  });

  it('refuses a file that was tampered with after it was read once, with both hashes', async () => {
    await put('model.onnx', MODEL);
    await store.read(manifest, 'model.onnx');
    const tampered = Buffer.from(MODEL);
    tampered[1000] = 0;
    await put('model.onnx', tampered);
    const reading = expect(store.read(manifest, 'model.onnx')).rejects;
    await reading.toMatchObject({ code: 'data_loss' });
    for (const part of ['model.onnx', sha256(MODEL), sha256(tampered)]) {
      await expect(store.read(manifest, 'model.onnx')).rejects.toThrow(part);
    }
  });

  it('says how to get what is missing', async () => {
    await expect(store.read(manifest, 'model.onnx')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('frontdesk models pull sample'),
    });
    await expect(store.read(manifest, 'other.bin')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes what cannot be read for no missing file', async () => {
    await mkdir(store.pathOf(manifest, 'model.onnx'), { recursive: true });
    await expect(store.read(manifest, 'model.onnx')).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('reads and admits no model whose licence is not accepted, and says how to accept it', async () => {
    await put('model.onnx', MODEL);
    const strict = new ModelStore({ dir: folder.dir, licences: ['Apache-2.0'] });
    const refused = {
      code: 'failed_precondition',
      message: expect.stringContaining('MODELS_LICENCES=Apache-2.0,MIT'),
    };
    await expect(strict.read(manifest, 'model.onnx')).rejects.toMatchObject(refused);
    const file = manifest.files[0]!;
    const from = join(folder.dir, 'from');
    await writeFile(from, MODEL);
    await expect(strict.admit(manifest, file, from)).rejects.toMatchObject(refused);
  });

  it('knows what is verified, missing and corrupt', async () => {
    await put('model.onnx', MODEL.subarray(1));
    const states = await store.verify(manifest);
    expect(states.map(({ file, state }) => [file.name, state])).toEqual([
      ['model.onnx', 'corrupt'],
      ['tokenizer.json', 'missing'],
    ]);
  });

  it('lets nothing in that is not what the manifest says, and deletes it', async () => {
    const from = join(folder.dir, 'from');
    await writeFile(from, Buffer.alloc(MODEL.length));
    await expect(store.admit(manifest, manifest.files[0]!, from)).rejects.toMatchObject({
      code: 'data_loss',
    });
    await expect(access(from)).rejects.toThrow();
    await expect(access(store.pathOf(manifest, 'model.onnx'))).rejects.toThrow();
  });

  it('does one thing at a time, and is not stopped by a process that died in the middle', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      order.push(`${name} ends`);
    };
    await Promise.all([store.exclusively(work('a')), store.exclusively(work('b'))]);
    expect(order.map((line) => line.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends']);

    const held = join(folder.dir, '.held');
    await writeFile(held, '');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(held, anHourAgo, anHourAgo);
    await store.exclusively(work('c'));
    expect(order.at(-1)).toBe('c ends');
  });
});
