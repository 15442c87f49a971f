import { decodeClassifier, encodeClassifier } from '../lexical/classifier-bytes.js';
import { featuresOf } from '../lexical/features.js';
import { IntentModel } from './intent-model.js';
import { trainLexical } from './intent-training.js';
import { trainingSetOf, type LabelledUtterance } from './training-set.js';
import { offTopic } from './off-topic.js';
import { runAtOnce, runInSlices } from '../lexical/slices.js';

const examples: Record<string, string[]> = {
  delivery_domestic: ['什么时候发货', '几天能到', '发什么快递', '运费多少', 'how long does delivery take', 'which courier do you use'],
  delivery_abroad: ['能寄到国外吗', '国际运费多少', '发美国要几天', 'do you ship abroad', 'shipping to Canada', 'customs duties for Germany'],
  refund: ['我要退款', '钱什么时候退', '退款几天到账', 'I want a refund', 'when do I get my money back', 'refund please'],
  invoice: ['怎么开发票', '要电子发票', '发票抬头写错了', 'I need an invoice', 'can I get a receipt', 'invoice for my company'],
}; // prettier-ignore
const utterances: LabelledUtterance[] = Object.entries(examples).flatMap(([intent, texts]) =>
  texts.map((text) => ({ text, intent })),
);
const parents = { delivery_domestic: 'delivery', delivery_abroad: 'delivery', delivery: 'shopping' };

const trainOn = (all: readonly LabelledUtterance[]) => {
  const trained = runAtOnce(trainLexical(runAtOnce(trainingSetOf(all))));
  return { ...trained, model: new IntentModel(trained.classifier, trained.threshold, parents, new Map()) };
};
const train = (more: LabelledUtterance[] = []) => trainOn([...utterances, ...more]);
const { model } = train();
const intentOf = (text: string, by: IntentModel = model) => by.read(featuresOf(text)).intent.name;

describe('a trained intent model', () => {
  it.each([
    ['请问几天可以到', 'delivery_domestic'],
    ['which courier is it', 'delivery_domestic'],
    ['可以寄国外么', 'delivery_abroad'],
    ['退款多久到账', 'refund'],
    ['ＲＥＦＵＮＤ ＰＬＥＡＳＥ', 'refund'],
    ['开一张发票', 'invoice'],
    ['need an invoce for my company', 'invoice'],
  ])('understands %s', (text, intent) => expect(intentOf(text)).toBe(intent));

  it.each(['附近哪家医院看牙好', 'who painted the Mona Lisa', 'zzzz', '👍', ''])(
    'claims nothing for %j',
    (text) => expect(intentOf(text)).toBe('out_of_scope'),
  );

  it('gives probabilities, the runners-up and the ancestors', () => {
    const { intent, alternatives, path } = model.read(featuresOf('国际快递几天能到'));
    expect(path).toEqual(['delivery', 'shopping']);
    expect(alternatives.map((label) => label.name)).not.toContain(intent.name);
    expect(alternatives[0]!.name).toMatch(/^delivery_/);
    const sum = alternatives.reduce((total, label) => total + label.confidence, intent.confidence);
    expect(sum).toBeGreaterThan(0.5);
    expect(sum).toBeLessThanOrEqual(1.000001);
  });

  it('ends a path at a taxonomy that bites its own tail', () => {
    const looped = new IntentModel(model.classifier, 0, { refund: 'invoice', invoice: 'refund' }, new Map());
    expect(looped.read(featuresOf('我要退款')).path).toEqual(['invoice', 'refund']);
  });

  it('learns a new intent from one correction', () => {
    const text = '附近哪家医院看牙好';
    const corrected = train([{ text, intent: 'dentist' }]).model;
    expect(intentOf(text, corrected)).toBe('dentist');
    expect(intentOf('我要退款', corrected)).toBe('refund');
  });

  it('learns from a correction what it is not for', () => {
    const corrected = train([{ text: '你们公司招人吗', intent: 'out_of_scope' }]).model;
    expect(intentOf('你们公司招人吗', corrected)).toBe('out_of_scope');
  });

  it('lets a bot be about what others are not for', () => {
    const weather = Object.values(offTopic)
      .flat()
      .filter((text) => /雨|冷|气温|rain|cold|hot/.test(text));
    expect(weather.length).toBeGreaterThan(4);
    const bot = train(weather.map((text) => ({ text, intent: 'weather' }))).model;
    for (const text of weather) expect(intentOf(text, bot)).toBe('weather');
  });

  it('does not take another language for another topic', () => {
    const offTopicOf = (texts: readonly string[]) =>
      runAtOnce(trainingSetOf(texts.map((text) => ({ text, intent: 'refund' })))).examples.slice(
        texts.length,
      );
    const isChinese = ({ text }: { text: string }) => /\p{Script=Han}/u.test(text);
    expect(offTopicOf(['I want a refund', 'refund please']).some(isChinese)).toBe(false);
    expect(offTopicOf(['我要退款', '钱什么时候退']).every(isChinese)).toBe(true);
    expect(
      offTopicOf([...Array(30).keys()].map((i) => `第${i}单要退款`).concat('refund please')).every(isChinese),
    ).toBe(true);
    expect(offTopicOf(['je veux un remboursement', 'où est mon argent']).length).toBeGreaterThan(100);
  });

  it('is the same for the same examples, at once or in slices', async () => {
    const set = await runInSlices(trainingSetOf(utterances));
    const again = await runInSlices(trainLexical(set));
    expect(Buffer.from(encodeClassifier(again.classifier))).toEqual(
      Buffer.from(encodeClassifier(model.classifier)),
    );
  });

  it('claims a family where none of its members is probable enough', () => {
    const either = '国内快递还是国际运费';
    const cautious = new IntentModel(model.classifier, 0.99, parents, new Map());
    const leaf = new IntentModel(model.classifier, 0.99, {}, new Map());
    expect(leaf.read(featuresOf(either)).intent.name).toBe('out_of_scope');
    expect(cautious.read(featuresOf(either))).toMatchObject({
      intent: { name: 'delivery' },
      path: ['shopping'],
    });
  });
});

describe('a classifier as bytes', () => {
  const bytes = encodeClassifier(model.classifier);

  it('comes back with the same answers', () => {
    // An odd offset, as a database driver may hand out.
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    const decoded = decodeClassifier(moved.subarray(1));
    for (const text of ['什么时候发货', 'refund', '你好']) {
      expect(decoded.predict(featuresOf(text))).toEqual(model.classifier.predict(featuresOf(text)));
    }
  });

  it('refuses another format and missing bytes', () => {
    const other = Uint8Array.from(bytes);
    other[0] = 2;
    for (const broken of [other, bytes.subarray(0, bytes.length - 4), new Uint8Array(3)]) {
      expect(() => decodeClassifier(broken)).toThrow(expect.objectContaining({ code: 'data_loss' }));
    }
  });
});
