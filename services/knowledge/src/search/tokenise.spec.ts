import { tokenise, TRUST } from './tokenise.js';

const terms = (text: string): string[] => [...tokenise(text).keys()];
const shared = (one: string, other: string): string[] =>
  terms(one).filter((term) => tokenise(other).has(term));

describe('tokenise', () => {
  it.each([
    ['ＷＡＲＲＡＮＴＹ　２０', 'warranty 20'],
    ['Parcels', 'parcel'],
    ["can't", 'can’t'],
    ['退款！！！', '退款'],
  ])('reads %j like %j', (one, other) => {
    expect(tokenise(one)).toEqual(tokenise(other));
  });

  it('gives words, characters and pairs of Chinese', () => {
    const found = tokenise('加湿器清洁');
    expect(found.get('加湿器')).toBe(TRUST.word);
    expect(found.get('湿')).toBe(TRUST.character);
    expect(found.get('器清')).toBe(TRUST.pair);
  });

  it('reads Chinese and Latin in one text, and codes whole', () => {
    const found = terms('我的iPhone15充不进电 LM-KB-201');
    expect(found).toEqual(expect.arrayContaining(['iphone15', '充', 'lm', 'kb', '201']));
  });

  it.each([
    ['掏邮费', '运费'],
    ['swap it', 'exchange'],
    ['能换新的吗', 'replacement'],
    ['cash on delivery', '货到付款'],
  ])('finds a concept in common of %j and %j', (one, other) => {
    expect(shared(one, other).some((term) => term.startsWith('~'))).toBe(true);
  });

  it('takes a phrase for what it means as a whole', () => {
    expect(terms('gift card')).toContain('~giftcard');
    expect(terms('gift card')).not.toContain('~gift');
    expect(terms('没收到')).toContain('~missing');
    expect(terms('没收到')).not.toContain('~arrive');
  });

  it('tells customs from customers and UPS from up', () => {
    expect(terms('customs')).toContain('~customs');
    expect(terms('customers')).not.toContain('~customs');
    expect(terms('ups')).toContain('~courier');
    expect(terms('up')).not.toContain('~courier');
  });

  it.each([
    ['recieved', 'received'],
    ['pasword', 'password'],
    ['adress', 'address'],
  ])('finds %s by the consonants of %s', (typed, meant) => {
    expect(shared(typed, meant)).not.toEqual([]);
  });

  it.each(['', '   ', '?!…', '🎉👍', '的了吗呢', 'the of and'])('finds nothing to say in %j', (text) => {
    expect(terms(text)).toEqual([]);
  });

  it('leaves only letters, digits and its own marks', () => {
    const hostile = `a' & b | !c :* <-> "d" \\ %_ $1 -- 退'款 𠮷野家 e\u0301te`;
    for (const term of terms(hostile)) expect(term).toMatch(/^[~^]?[\p{L}\p{M}\p{N}]+$/u);
  });

  it('reads no more than the beginning of a long text', () => {
    expect(terms(`${'x '.repeat(1_000)}refund`)).not.toContain('refund');
  });
});
