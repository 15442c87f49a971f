import { Dense } from '../neural/dense.js';
import { Neighbours } from '../neural/neighbours.js';
import { USUAL } from './ballot.js';
import { decodeHead, encodeHead } from './head-bytes.js';
import { Head } from './head.js';

/** Label 0 is out_of_scope. The layer is sure of label 1 whatever it reads. */
const axis = (i: number) => Float32Array.from({ length: 4 }, (_, j) => (i === j ? 1 : 0));
const stubborn = new Dense(
  4,
  3,
  Float32Array.from({ length: 15 }, (_, i) => (i === 13 ? 12 : 0)),
);
const headOf = (labels: readonly number[], threshold = 0) => {
  const vectors = [axis(0), axis(1), axis(2), axis(3)];
  const neighbours = Neighbours.of(vectors, labels, 3);
  return new Head('e@1', stubborn, neighbours, USUAL, threshold, 0.9);
};
const flat = () => new Float32Array(3).fill(Math.log(1 / 3));
const best = (values: Float32Array) => values.indexOf(Math.max(...values));

describe('a head', () => {
  it('believes an example it was taught word for word, whatever the other voices say', () => {
    const { probabilities, familiarity } = headOf([1, 1, 1, 2]).read(axis(3), flat());
    expect(best(probabilities)).toBe(2);
    expect(familiarity).toBe(Infinity);
  });

  it('knows what it was taught as out of scope', () => {
    expect(headOf([1, 1, 1, 0]).read(axis(3), flat()).familiarity).toBe(-Infinity);
  });

  it('lets all voices speak of everything else', () => {
    const between = Float32Array.of(0, 0, Math.SQRT1_2, Math.SQRT1_2);
    const { probabilities, familiarity } = headOf([1, 1, 1, 2]).read(between, flat());
    expect(best(probabilities)).toBe(1);
    expect(Number.isFinite(familiarity)).toBe(true);
  });

  it('does not hold it against a text that the n-grams know nothing of it, as of one in another language', () => {
    const between = Float32Array.of(0, 0, Math.SQRT1_2, Math.SQRT1_2);
    const familiarityWith = (lexical: Float32Array) =>
      headOf([1, 1, 1, 2]).read(between, lexical).familiarity;
    expect(familiarityWith(flat())).toBeGreaterThan(familiarityWith(Float32Array.of(-3, -3, -0.105)));
    expect(familiarityWith(flat())).toBeGreaterThan(familiarityWith(Float32Array.of(-0.105, -3, -3)) + 2);
  });

  it('searches the label the n-grams are sure of, however the layer ranks it', () => {
    const labels = 8;
    const last = labels - 1;
    const layer = new Dense(4, labels, new Float32Array(5 * labels).fill(1).fill(-40, -1));
    const neighbours = Neighbours.of([axis(0), axis(1), axis(2), axis(3)], [1, 1, 1, last], labels);
    const lexical = Float32Array.from({ length: labels }, (_, k) => (k === last ? 0 : -9));
    const { voices } = new Head('e@1', layer, neighbours, USUAL, 0, 0.9).read(axis(3), lexical);
    expect(best(voices.neighbours)).toBe(last);
  });
});

describe('a head as bytes', () => {
  const stored = { head: headOf([1, 2, 1, 2], -Infinity), rehearsal: stubborn };
  const bytes = encodeHead(stored);

  it('reads as before', () => {
    const { head, rehearsal } = decodeHead(bytes);
    const vector = Float32Array.of(0.1, 0.7, 0.1, 0.7);
    expect(head.read(vector, flat())).toEqual(stored.head.read(vector, flat()));
    expect(rehearsal).toEqual(stored.rehearsal);
    expect(head).toMatchObject({ encoder: 'e@1', sure: 0.9, ballot: USUAL });
  });

  it.each([
    ['cut short', () => bytes.slice(0, -4)],
    ['of another format', () => Uint8Array.from([0, ...bytes.slice(1)])],
    ['empty', () => new Uint8Array()],
    ['with something behind', () => Uint8Array.from([...bytes, 0])],
  ])('is refused when it is %s', (_, broken) => {
    let code: unknown;
    try {
      decodeHead(broken());
    } catch (error) {
      code = (error as { code: unknown }).code;
    }
    expect(code).toBe('data_loss');
  });
});
