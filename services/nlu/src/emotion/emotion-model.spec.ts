import { runAtOnce } from '../lexical/slices.js';
import { decodeHeads, encodeHeads } from './emotion-bytes.js';
import {
  chineseEmotions,
  chineseSentiments,
  emotions,
  englishEmotions,
  englishSentiments,
  sentiments,
} from './emotion-examples.js';
import { EmotionHead } from './emotion-head.js';
import { EmotionModel } from './emotion-model.js';
import { tasksOf, trainBuiltInWords, trainWords } from './emotion-training.js';
import { Dense } from '../neural/dense.js';

const words = runAtOnce(trainBuiltInWords());
const builtIn = new EmotionModel(words.emotion.classifier, words.sentiment.classifier, new Map());
const read = (text: string, model = builtIn) => model.read(text);

describe('emotion by n-grams', () => {
  it.each([
    ['你们这什么破服务，太垃圾了', 'angry'],
    ['this is unacceptable, I am furious with you', 'angry'],
    ['好着急啊，会不会丢了', 'anxious'],
    ["I'm worried that it won't arrive in time", 'anxious'],
    ['好失望，真的很难过', 'sad'],
    ['so disappointed, it makes me cry', 'sad'],
    ['太棒了，非常喜欢，谢谢', 'happy'],
    ['great, thank you so much', 'happy'],
    ['我的订单A1001怎么还没到，气死我了', 'angry'],
    ['谢谢，请问怎么退货', 'neutral'],
    ['请问发票怎么开', 'neutral'],
    ['how do I change the address', 'neutral'],
  ])('of %s is %s', (text, emotion) => expect(read(text).emotion.name).toBe(emotion));

  it('has a sentiment from -1 to 1', () => {
    expect(read('垃圾，骗子公司').sentiment).toBeLessThan(-0.5);
    expect(read('very happy, thanks').sentiment).toBeGreaterThan(0.5);
    expect(Math.abs(read('我的订单到哪了').sentiment)).toBeLessThan(0.1);
  });

  it('follows a correction', () => {
    const text = '行吧，算你们狠';
    const other = emotions.find((emotion) => emotion !== read(text).emotion.name)!;
    const { emotion, sentiment } = runAtOnce(trainWords(tasksOf([{ text, emotion: other }]), words));
    const corrected = new EmotionModel(emotion.classifier, sentiment.classifier, new Map());
    expect(read(text, corrected).emotion.name).toBe(other);
  });

  it('rests on examples of which none stands under two labels', () => {
    const files = [
      ...[chineseEmotions, englishEmotions].map((file) => emotions.map((label) => file[label])),
      ...[chineseSentiments, englishSentiments].map((file) => sentiments.map((label) => file[label])),
    ];
    for (const classes of files) {
      for (const texts of classes) expect(texts.length).toBeGreaterThanOrEqual(100);
      const all = classes.flat();
      for (const text of all) expect(typeof text).toBe('string');
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

describe('a head', () => {
  const layer = (width: number) =>
    new Dense(
      1,
      width,
      Float32Array.from({ length: 2 * width }, (_, i) => i / 3),
    );
  const heads = {
    emotion: new EmotionHead(layer(5), { dense: 0.7, lexical: 0.3 }),
    sentiment: new EmotionHead(layer(3), { dense: 0.9, lexical: 0.2 }),
  };

  it('is the same after the database', () => {
    const { emotion, sentiment } = decodeHeads(encodeHeads(heads));
    const [five, three] = [5, 3].map((width) => new Float32Array(width).fill(Math.log(1 / width))) as [
      Float32Array,
      Float32Array,
    ];
    expect(emotion.read(Float32Array.of(2), five)).toEqual(heads.emotion.read(Float32Array.of(2), five));
    expect(sentiment.read(Float32Array.of(2), three)).toEqual(
      heads.sentiment.read(Float32Array.of(2), three),
    );
  });

  it('cut short is refused', () => {
    const bytes = encodeHeads(heads);
    for (const length of [0, 7, 20, bytes.length - 4])
      expect(() => decodeHeads(bytes.subarray(0, length))).toThrow('train the bot again');
  });
});
