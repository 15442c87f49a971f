/** Emotions with the real encoders: the built-in heads, and what a correction changes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NluService } from '@frontdesk/contracts/nlu/v1/nlu_service';
import { eventually, startMesh, type TestMesh } from '@frontdesk/testing';
import { describeWithModels } from '@frontdesk/testing/models';
import { MODEL_FILE, TOKENIZER_FILE, Encoder } from '@frontdesk/onnx';
import { trainEmotionHead, type HeldOutEmotion } from '../src/emotion/emotion-head-training.js';
import { EmotionModel, type EmotionHeads } from '../src/emotion/emotion-model.js';
import { tasksOf, trainBuiltInWords, trainHeads, trainWords } from '../src/emotion/emotion-training.js';
import { nlu } from '../src/index.js';
import { argmax } from '../src/lexical/classifier.js';
import { runAtOnce } from '../src/lexical/slices.js';

const OPTIONS = { threads: 1, maxBatch: 16, maxWaitMicros: 0, maxQueue: 512 };
const READS = { 'bge-small-zh-v1.5': /\p{Script=Han}/u, 'bge-small-en-v1.5': /^\P{Script=Han}+$/u };
const MODELS = Object.keys(READS) as (keyof typeof READS)[];

describeWithModels(MODELS, 'emotion with an encoder', (store, manifests) => {
  const words = runAtOnce(trainBuiltInWords());
  const tasks = tasksOf([]);
  const encoders = new Map<string, Encoder>();
  const features = new Map<string, Map<string, Float32Array>>();
  const heads = new Map<string, EmotionHeads>();

  beforeAll(async () => {
    for (const [i, manifest] of manifests.entries()) {
      const id = MODELS[i]!;
      const model = await store.read(manifest, MODEL_FILE);
      const tokenizer = await store.read(manifest, TOKENIZER_FILE);
      const encoder = await Encoder.open({ ...manifest, model, tokenizer }, OPTIONS);
      encoders.set(id, encoder);
      const texts = [...tasks.emotion.examples, ...tasks.sentiment.examples]
        .map(({ text }) => text)
        .filter((text) => READS[id].test(text));
      const encoded = await encoder.encodeAll(texts, { purpose: 'query', features: true });
      features.set(id, new Map(texts.map((text, row) => [text, encoded[row]!.features])));
      heads.set(id, (await trainHeads(tasks, words, features.get(id)!))!);
    }
  }, 300_000);
  afterAll(async () => {
    for (const encoder of encoders.values()) await encoder.close();
  });

  const modelOf = (of = words, by: ReadonlyMap<string, EmotionHeads> = heads) =>
    new EmotionModel(of.emotion.classifier, of.sentiment.classifier, by);
  const encode = async (text: string) => {
    const id = MODELS.find((id) => READS[id].test(text))!;
    const encoding = await encoders.get(id)!.encode(text, { purpose: 'query', features: true });
    return { ...encoding, encoder: id };
  };
  const read = async (text: string, model = modelOf()) => model.read(text, await encode(text));

  it.each([
    ['你们这什么破服务，太垃圾了', 'angry'],
    ['我的订单A1001怎么还没到，气死我了', 'angry'],
    ['Where is my order? This is outrageous', 'angry'],
    ['眼看就要开学了，课本还在路上，真怕来不及', 'anxious'],
    ['I lie awake wondering whether my money is gone for good', 'anxious'],
    ['盼了好几个月，最后是这样，心里空空的', 'sad'],
    ['My heart aches, it was the last photo of him', 'sad'],
    ['这下可算踏实了，多亏了你', 'happy'],
    ['It runs again, you made my week', 'happy'],
    ['谢谢，请问怎么退货', 'neutral'],
    ['thanks, how do I return it', 'neutral'],
    ['The screen stays black when I press the button', 'neutral'],
  ])('of %s is %s', async (text, emotion) => expect((await read(text)).emotion.name).toBe(emotion));

  it.each([
    ['not bad at all', 0.3, 1],
    ['一点都不后悔买它', 0.3, 1],
    ['would not recommend it to anybody', -1, -0.3],
    ['说实话不怎么样', -1, -0.3],
    ['the parcel weighs two kilos', -0.2, 0.2],
  ])('sentiment of %s is from %d to %d', async (text, least, most) => {
    const { sentiment } = await read(text);
    expect(sentiment).toBeGreaterThanOrEqual(least);
    expect(sentiment).toBeLessThanOrEqual(most);
  });

  it.each(MODELS)('is right more often than the n-grams, and as often as it says, with %s', async (id) => {
    const { examples } = tasks.emotion;
    const vectors = examples.map(({ text }) => features.get(id)!.get(text));
    const { heldOut } = (await trainEmotionHead(examples, vectors, words.emotion))!;
    const own = words.emotion.heldOut.filter(({ index }) => vectors[index]);
    const lexical = own.filter(({ scores, label }) => argmax(scores) === label).length / own.length;
    expect(heldOut).toHaveLength(own.length);
    expect(accuracyOf(heldOut)).toBeGreaterThan(lexical + 0.08);
    const sureness = heldOut.reduce((sum, { probabilities }) => sum + Math.max(...probabilities), 0);
    expect(Math.abs(sureness / heldOut.length - accuracyOf(heldOut))).toBeLessThan(0.05);
  });

  it('follows a correction, with what the voices counted before', async () => {
    const text = '行吧，算你们狠';
    expect((await read(text)).emotion.name).toBe('angry');
    const corrected = tasksOf([{ text, emotion: 'sad' }]);
    const newWords = runAtOnce(trainWords(corrected, words));
    const id = 'bge-small-zh-v1.5';
    const known = new Map([...features.get(id)!, [text, (await encode(text)).features]]);
    const trained = (await trainHeads(corrected, newWords, known, heads.get(id)))!;
    expect(trained.emotion.weights).toEqual(heads.get(id)!.emotion.weights);
    const model = modelOf(newWords, new Map([[id, trained]]));
    expect((await read(text, model)).emotion.name).toBe('sad');
    expect((await read('太垃圾了，骗子', model)).emotion.name).toBe('angry');
  });

  it('is read from n-grams where the encoder has no head', async () => {
    const text = '我要投诉，气死了';
    const encoded = await encode(text);
    const without = modelOf(words, new Map());
    expect(without.read(text, encoded)).toEqual(without.read(text));
    expect(modelOf().read(text, encoded)).not.toEqual(without.read(text));
  });
});

describeWithModels(MODELS, 'the service with encoders', (store) => {
  const text = 'I lie awake wondering whether my money is gone for good';

  it('reads emotions with the built-in heads once they are trained, then with those of the bot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-emotion-'));
    const environment = {
      DATABASE_URL: `pglite:${folder}`,
      NLU_FEEDBACK_DELAY_MS: '0',
      MODELS_DIR: store.dir,
      NLU_ENCODER: 'per_language',
    };
    const emotionIn = async (mesh: TestMesh) => {
      const { understanding } = await mesh.as({ tenantId: 't' }, () =>
        mesh.client(NluService).analyze({ text }),
      );
      return understanding!.emotion!.name;
    };
    const within = async (work: (mesh: TestMesh) => Promise<void>) => {
      const mesh = await startMesh([nlu], { environment });
      try {
        await work(mesh);
      } finally {
        await mesh.stop();
      }
    };
    try {
      await within(async (mesh) => {
        const answers = (emotion: string) =>
          eventually(`it is ${emotion}`, async () => (await emotionIn(mesh)) === emotion, 60_000);
        await answers('anxious');
        await mesh.as({ tenantId: 't' }, () => mesh.client(NluService).addFeedback({ text, emotion: 'sad' }));
        await answers('sad');
      });
      await within(async (mesh) => expect(await emotionIn(mesh)).toBe('sad'));
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 180_000);
});

function accuracyOf(heldOut: readonly HeldOutEmotion[]): number {
  return (
    heldOut.filter(({ probabilities, label }) => argmax(probabilities) === label).length / heldOut.length
  );
}
