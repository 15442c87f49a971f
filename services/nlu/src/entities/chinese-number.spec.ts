import { parseNumber } from './chinese-number.js';

describe('parseNumber', () => {
  it.each([
    ['300', 300],
    ['19.9', 19.9],
    ['十', 10],
    ['二十五', 25],
    ['三百', 300],
    ['三百二', 320],
    ['一百零五', 105],
    ['两千五', 2_500],
    ['两千零五', 2_005],
    ['一万二', 12_000],
    ['十二万三千', 123_000],
    ['二〇二六', 2_026],
  ])('%s is %d', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', 'abc', '一个', '3.'])('%j is no number', (text) => expect(parseNumber(text)).toBeUndefined());
});
