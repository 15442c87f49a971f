import { runAtOnce } from '../lexical/slices.js';
import { readEmotion, trainEmotions } from './emotion-model.js';
import { chineseEmotions, emotions, englishEmotions } from './emotion-examples.js';

const builtIn = runAtOnce(trainEmotions([]));
const read = (text: string, classifier = builtIn) => readEmotion(classifier, text);

describe('emotion', () => {
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
    expect(read(text, runAtOnce(trainEmotions([{ text, emotion: other }]))).emotion.name).toBe(other);
  });

  it('rests on examples of which none stands under two emotions', () => {
    for (const examples of [chineseEmotions, englishEmotions]) {
      const all = emotions.flatMap((emotion) => examples[emotion]);
      for (const text of all) expect(typeof text).toBe('string');
      expect(new Set(all).size).toBe(all.length);
      for (const emotion of emotions) expect(examples[emotion].length).toBeGreaterThanOrEqual(60);
    }
  });
});
