import type { Reading } from '../conversation/conversation.js';
import { moodInWords, needsSoothing, priorityOf } from './care.js';
import { trajectoryOf, type Feeling } from './trajectory.js';

const read = (emotion: string, confidence = 0.9): Reading =>
  ({ emotion: { name: emotion, confidence } }) as Reading;

const wornOut: Feeling[] = [0.1, -0.2, -0.4, -0.6];
const steadilyLow: Feeling[] = [-0.5, -0.5, -0.5];
const calm: Feeling[] = [0, 0.1, 0];

describe('soothing', () => {
  it.each<[boolean, string, Reading | undefined, Feeling[], number | null]>([
    [true, 'anger', read('angry', 0.5), [], null],
    [false, 'what may be anger', read('angry', 0.49), [], null],
    [false, 'one sad message', read('sad'), [-0.8], null],
    [true, 'a mild message of somebody displeased', read('neutral'), steadilyLow, null],
    [true, 'a mild message at the end of a fall', read('neutral'), [0.5, 0, -0.2, -0.3], null],
    [false, 'two points, which are no trend', read('neutral'), [0.3, -0.3], null],
    [false, 'thanks after a fall', read('happy'), wornOut, null],
    [false, 'a calm customer', read('neutral'), calm, null],
    [false, 'who was soothed a turn ago', read('angry'), wornOut, 0],
    [false, 'who was soothed two turns ago', read('angry'), wornOut, 1],
    [true, 'who was soothed three turns ago', read('angry'), wornOut, 2],
    [false, 'a message that was not understood', undefined, wornOut, null],
  ])('is %s for %s', (soothes, _, reading, feelings, since) => {
    expect(needsSoothing(reading, trajectoryOf(feelings), since)).toBe(soothes);
  });
});

describe('the place in the queue', () => {
  it('rises from calm over low and falling to angry', () => {
    const ranks = [
      priorityOf(read('neutral'), trajectoryOf(calm)),
      priorityOf(read('neutral'), trajectoryOf(steadilyLow)),
      priorityOf(read('neutral'), trajectoryOf(wornOut)),
      priorityOf(read('angry'), trajectoryOf(calm)),
    ];
    expect(ranks[0]).toBe(0);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(4);
  });

  it('never passes that of anger', () => {
    expect(priorityOf(undefined, trajectoryOf([1, 0, -1, -1]))).toBe(10);
  });
});

describe('the mood in words', () => {
  it.each<[string, Reading | undefined, Feeling[]]>([
    ['', read('neutral'), calm],
    ['low (level -0.50, slope 0.00)', undefined, steadilyLow],
    ['low and falling (level -0.49, slope -0.23)', read('sad'), wornOut],
    ['angry (level -0.90, slope 0.00)', read('angry'), [-0.9]],
  ])('%j', (words, reading, feelings) => {
    expect(moodInWords(reading, trajectoryOf(feelings))).toBe(words);
  });
});
