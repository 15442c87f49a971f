/**
 * What the models that ship make of texts.
 *
 * `reference-tokens.json` holds, per model, the ids which the Python package `tokenizers` 0.23 gives for each text:
 * `Tokenizer.from_file(path)`, `no_truncation()`, `no_padding()`, `encode(text).ids`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describeWithModels, MODELS_DIR } from '@frontdesk/testing/models';
import { Tokenizer } from '@huggingface/tokenizers';
import {
  Encoder,
  MODEL_FILE,
  TOKENIZER_FILE,
  ModelStore,
  readManifests,
  type ModelManifest,
} from '../src/index.js';

const reference = JSON.parse(readFileSync(new URL('./reference-tokens.json', import.meta.url), 'utf8')) as {
  readonly texts: readonly string[];
  readonly tokens: Readonly<Record<string, readonly (readonly number[])[]>>;
};

const encoderOf = async (store: ModelStore, manifest: ModelManifest) =>
  Encoder.open(
    {
      ...manifest,
      id: `${manifest.id}@${manifest.revision}`,
      model: await store.read(manifest, MODEL_FILE),
      tokenizer: await store.read(manifest, TOKENIZER_FILE),
    },
    { threads: 1, maxBatch: 16, maxWaitMicros: 500, maxQueue: 100 },
  );

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Two ways to say one thing. */
const PAIRS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  zh: [
    ['我的快递到哪里了', '帮我查一下物流'],
    ['怎么退货', '东西不想要了，可以退吗'],
    ['我要找人工客服', '请帮我转人工客服'],
    ['衣服尺码不合适', '鞋子穿着太小了'],
  ],
  en: [
    ['where is my parcel', 'my package has not arrived yet'],
    ['how do I return an item', 'I would like to return this item'],
    ['let me talk to a person', 'I need a human agent'],
    ['the shoes do not fit', 'wrong size, these are too small'],
  ],
};

/** The scale of 8-bit activations is that of the whole batch: a neighbour moves a vector, by no more than this. */
const LEAST_COSINE = 0.97;

/** Models that are not pulled by default are tested where somebody pulled them. */
const isTested = (id: string) => {
  const manifest = readManifests().find((manifest) => manifest.id === id)!;
  return manifest.byDefault || existsSync(new ModelStore({ dir: MODELS_DIR }).pathOf(manifest, MODEL_FILE));
};

for (const id of Object.keys(reference.tokens).filter(isTested)) {
  describeWithModels([id], id, (store, [manifest]) => {
    let encoder: Encoder;
    beforeAll(async () => {
      encoder = await encoderOf(store, manifest!);
    });
    afterAll(() => encoder.close());
    const vectorOf = async (text: string) => (await encoder.encode(text, { purpose: 'query' })).vector;

    it('splits texts as the reference does', async () => {
      const file = new TextDecoder().decode(await store.read(manifest!, TOKENIZER_FILE));
      const tokenizer = new Tokenizer(JSON.parse(file) as object, {});
      const split = reference.texts.map((text) => ({ text, ids: tokenizer.encode(text).ids }));
      expect(split).toEqual(reference.texts.map((text, i) => ({ text, ids: reference.tokens[id]![i] })));
    });

    it('gives vectors of length 1, as long as announced', async () => {
      for (const text of ['你好', 'hello', '']) {
        const vector = await vectorOf(text);
        expect(vector).toHaveLength(manifest!.dimension);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      }
    });

    it('puts what means the same nearest', async () => {
      for (const language of manifest!.languages) {
        const pairs = PAIRS[language] ?? [];
        const vectors = await Promise.all(pairs.flat().map(vectorOf));
        for (let i = 0; i < vectors.length; i++) {
          const nearest = vectors
            .map((vector, j) => ({ j, near: j === i ? -1 : cosine(vectors[i]!, vector) }))
            .reduce((a, b) => (b.near > a.near ? b : a)).j;
          expect([pairs.flat()[i], pairs.flat()[nearest]]).toEqual([pairs.flat()[i], pairs.flat()[i ^ 1]]);
        }
      }
    });

    it('gives nearly the same vector whatever a text is encoded with', async () => {
      const texts = reference.texts.filter((text) => text.length > 4 && text.length < 40);
      const together = await Promise.all(texts.map(vectorOf));
      expect(encoder.stats().batches).toBeLessThan(texts.length);
      for (const [i, text] of texts.entries())
        expect(cosine(await vectorOf(text), together[i]!)).toBeGreaterThan(LEAST_COSINE);
    });
  });
}
