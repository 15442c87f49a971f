import { feltAfter, rememberedTurns, trajectoryOf, type Feeling } from './trajectory.js';

/** A message with a feeling. */
const said = (sentiment: number) => ({ sentiment, emotion: { name: 'sad', confidence: 0.9 } });

/** A conversation as a customer writes it, each message with the sentiment a reader gives it. */
type Talk = readonly (readonly [text: string, sentiment: Feeling])[];

const of = (talk: Talk) => trajectoryOf(talk.map(([, sentiment]) => sentiment));

const patienceWearsOut: Talk = [
  ['Hi, where is my order?', 0.1],
  ['It should have been here on Monday', -0.2],
  ['So nobody knows?', -0.4],
  ['This is the third time I ask.', -0.6],
];
const oneOutburst: Talk = [
  ['我的快递到哪了', 0],
  ['什么垃圾物流！！', -0.9],
  ['哦，看到了，刚送到', 0.2],
  ['发票怎么开', 0.15],
];
const factsInBetween: Talk = [
  ['耳机左边没声音', -0.2],
  ['A1001', 0],
  ['上周就说有人联系我', -0.45],
  ['13800000000', 0.02],
  ['到底管不管', -0.7],
];

describe('the level', () => {
  it.each<[string, Talk, number]>([
    ['of nothing', [], 0],
    ['of one message is its sentiment', [['骗子', -0.9]], -0.9],
    ['of one unlike the others lies between', oneOutburst.slice(0, 2), -0.71],
    ['of a steady mood is that mood', [...'abcdef'].map((text) => [text, 0.4] as const), 0.4],
  ])('%s', (_, talk, level) => {
    expect(of(talk).level).toBeCloseTo(level, 2);
  });

  it('is still low after a short thanks, and fades with calm turns', () => {
    const angry: Talk = [
      ['Two weeks! This is ridiculous.', -0.9],
      ['ok thanks', 0.6],
    ];
    const calm: Talk = [...angry, ['A1001', 0], ['to my office please', 0], ['yes', 0.1]];
    expect(of(angry).level).toBeLessThan(-0.3);
    expect(of(calm).level).toBeGreaterThan(-0.15);
    expect(of(calm).level).toBeLessThan(0);
  });

  it('weighs the end more than the beginning', () => {
    const worse = trajectoryOf([0.6, 0.2, -0.2, -0.6]).level;
    const better = trajectoryOf([-0.6, -0.2, 0.2, 0.6]).level;
    expect(worse).toBeLessThan(better);
  });
});

describe('the slope', () => {
  it('is that of a steady decline, per turn', () => {
    expect(of(patienceWearsOut).slope).toBeCloseTo(-0.23, 2);
  });

  it('is no decline after one outburst', () => {
    expect(of(oneOutburst).slope).toBeGreaterThan(0);
    expect(of(oneOutburst).level).toBeGreaterThan(of(patienceWearsOut).level);
  });

  it('falls through neutral facts, also when one came last', () => {
    const told: Talk = [...factsInBetween, ['是的，黑色的', 0]];
    expect(of(factsInBetween).slope).toBeCloseTo(-0.125, 3);
    expect(of(told).slope).toBeCloseTo(-0.125, 3);
  });

  it('counts a message that was not understood as time passed', () => {
    expect(trajectoryOf([-0.2, null, -0.6])).toEqual({
      level: expect.closeTo(-0.53, 2),
      slope: expect.closeTo(-0.2, 5),
      turns: 2,
    });
    expect(trajectoryOf([-0.2, null]).slope).toBe(0);
    expect(trajectoryOf([null, null])).toEqual({ level: 0, slope: 0, turns: 0 });
  });
});

describe('any conversation', () => {
  /** Repeatable, from a linear congruential generator (Numerical Recipes); a fifth was not understood. */
  let state = 7;
  const random = (): number => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  const conversations = Array.from({ length: 500 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 12) }, (): Feeling => {
      const [missing, sentiment] = [random() < 0.2, random() * 2 - 1];
      return missing ? null : sentiment;
    }),
  );

  it('keeps level and slope within their bounds', () => {
    for (const feelings of conversations) {
      const { level, slope } = trajectoryOf(feelings);
      expect(Math.abs(level)).toBeLessThanOrEqual(1);
      expect(Math.abs(slope)).toBeLessThanOrEqual(2);
    }
  });

  it('is never better for a message that is worse', () => {
    for (const feelings of conversations) {
      const { level } = trajectoryOf(feelings);
      feelings.forEach((sentiment, at) => {
        if (sentiment === null) return;
        const worse = sentiment - random() * (sentiment + 1);
        expect(trajectoryOf(feelings.with(at, worse)).level).toBeLessThanOrEqual(level + 1e-12);
      });
    }
  });

  it('takes a calm message about something bad for calm', () => {
    const calm = (confidence: number) => ({ sentiment: -0.65, emotion: { name: 'neutral', confidence } });
    expect(feltAfter([], calm(0.9))[0]).toBeCloseTo(-0.065);
    expect(feltAfter([], calm(0.4))[0]).toBeCloseTo(-0.39);
    expect(feltAfter([], said(-0.65))).toEqual([-0.65]);
  });

  it('forgets what is older than it remembers', () => {
    for (const feelings of conversations) {
      const remembered = feelings.slice(-rememberedTurns);
      expect(trajectoryOf([1, -1, ...Array<Feeling>(rememberedTurns).fill(null), ...feelings])).toEqual(
        trajectoryOf(feelings),
      );
      const kept = feelings.reduce<readonly Feeling[]>(
        (sofar, each) => feltAfter(sofar, each === null ? undefined : said(each)),
        [],
      );
      expect(kept).toEqual(remembered);
    }
  });
});
