import { readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Hub } from '../src/models/hub.js';
import type { ModelManifest } from '../src/models/manifest.js';
import { ModelStore } from '../src/models/model-store.js';
import { pull, type PullOptions } from '../src/models/pull.js';
import { startHub, type HubServer } from './hub-server.js';
import { MODEL, sampleManifest, scratch, serve, TOKENIZER, type Scratch } from './sample-model.js';

describe('a pull', () => {
  let hub: HubServer;
  let folder: Scratch;
  let store: ModelStore;
  let told: string[];
  const pullIt = (manifest: ModelManifest, options: Partial<PullOptions> = {}): Promise<void> =>
    pull(manifest, {
      store,
      hub: new Hub({ url: hub.url, pauseMs: 1 }),
      report: ({ step }, { name }) => {
        if (step !== 'received') told.push(`${name} ${step}`);
      },
      ...options,
    });

  beforeEach(async () => {
    hub = await startHub();
    folder = await scratch();
    store = new ModelStore({ dir: folder.dir });
    told = [];
    serve(hub, 'onnx/model.onnx', MODEL);
    serve(hub, 'tokenizer.json', TOKENIZER);
  });
  afterEach(async () => {
    await hub[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('brings a model once: a second one asks nobody', async () => {
    const manifest = sampleManifest();
    await pullIt(manifest);
    expect(MODEL.equals(await store.read(manifest, 'model.onnx'))).toBe(true);
    expect(hub.requests).toHaveLength(2);
    await pullIt(manifest);
    expect(hub.requests).toHaveLength(2);
    expect(told.slice(-2)).toEqual(['model.onnx present', 'tokenizer.json present']);
    expect((await readdir(dirname(store.pathOf(manifest, 'model.onnx')))).sort()).toEqual([
      'model.onnx',
      'tokenizer.json',
    ]);
  });

  it('replaces what is corrupt, and only that', async () => {
    const manifest = sampleManifest();
    await pullIt(manifest);
    await writeFile(store.pathOf(manifest, 'model.onnx'), 'broken');
    await pullIt(manifest);
    expect(hub.requests).toHaveLength(3);
    expect(MODEL.equals(await store.read(manifest, 'model.onnx'))).toBe(true);
  });

  it('goes on where an earlier one was broken off', async () => {
    const manifest = sampleManifest();
    hub.always = { breakAfter: 100_000 };
    const first = new Hub({ url: hub.url, attempts: 1 });
    await expect(pullIt(manifest, { hub: first })).rejects.toMatchObject({ code: 'unavailable' });
    hub.always = undefined;
    await pullIt(manifest);
    expect(hub.requests[1]?.range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(MODEL.equals(await store.read(manifest, 'model.onnx'))).toBe(true);
  });

  it('takes the next source where one gives other bytes', async () => {
    const wrong = Buffer.from(MODEL);
    wrong[0] = 0;
    serve(hub, 'wrong.onnx', wrong);
    const manifest = sampleManifest([
      {
        name: 'model.onnx',
        content: MODEL,
        sources: ['hub:wrong.onnx', 'hub:gone.onnx', 'hub:onnx/model.onnx'],
      },
      { name: 'tokenizer.json', content: TOKENIZER, sources: ['hub:tokenizer.json'] },
    ]);
    await pullIt(manifest);
    expect(told.filter((line) => line === 'model.onnx refused')).toHaveLength(2);
    expect(MODEL.equals(await store.read(manifest, 'model.onnx'))).toBe(true);
  });

  it('says what each source said when none gives the file, and leaves nothing wrong behind', async () => {
    serve(hub, 'wrong.onnx', Buffer.alloc(MODEL.length));
    const manifest = sampleManifest([
      { name: 'model.onnx', content: MODEL, sources: ['hub:gone.onnx', 'hub:wrong.onnx'] },
      { name: 'tokenizer.json', content: TOKENIZER, sources: ['hub:tokenizer.json'] },
    ]);
    const failing = pullIt(manifest);
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
    await expect(failing).rejects.toThrow(
      /gone\.onnx answered 404[^]*not the file of the manifest[^]*--mirror/,
    );
    expect(await readdir(dirname(store.pathOf(manifest, 'model.onnx')))).toEqual([]);
  });

  it('of a model whose licence is not accepted asks nobody', async () => {
    const strict = new ModelStore({ dir: folder.dir, licences: ['Apache-2.0'] });
    await expect(pullIt(sampleManifest(), { store: strict })).rejects.toMatchObject({
      code: 'failed_precondition',
    });
    expect(hub.requests).toEqual([]);
  });

  it('twice at once downloads once', async () => {
    const manifest = sampleManifest();
    await Promise.all([pullIt(manifest), pullIt(manifest)]);
    expect(hub.requests).toHaveLength(2);
  });

  describe('of a file that is made', () => {
    const origin = Buffer.from('weights in another form');
    const double = (input: Uint8Array): Uint8Array => Buffer.concat([input, input]);
    const manifest = sampleManifest([
      { name: 'origin.bin', content: origin, sources: ['hub:origin.bin'] },
      { name: 'model.onnx', content: double(origin), made: { by: 'double', from: 'origin.bin' } },
      { name: 'tokenizer.json', content: TOKENIZER, sources: ['hub:tokenizer.json'] },
    ]);
    beforeEach(() => serve(hub, 'origin.bin', origin));

    it('makes it once, and keeps nothing but it', async () => {
      await pullIt(manifest, { conversions: { double } });
      expect(double(origin)).toEqual(await store.read(manifest, 'model.onnx'));
      await expect(store.read(manifest, 'origin.bin')).rejects.toMatchObject({ code: 'not_found' });
      await pullIt(manifest, { conversions: { double } });
      expect(hub.requests).toHaveLength(2);
    });

    it('refuses what came out different, and what nobody knows how to make', async () => {
      await expect(pullIt(manifest, { conversions: { double: (input) => input } })).rejects.toMatchObject({
        code: 'data_loss',
      });
      await expect(pullIt(manifest, { conversions: {} })).rejects.toMatchObject({
        code: 'failed_precondition',
        message: expect.stringContaining('"double"'),
      });
    });
  });
});
