/**
 * What the lexical model sees of an utterance: hashes of its character n-grams (Chinese, Japanese, Korean, Thai) and
 * of its words, word pairs and in-word n-grams (scripts with spaces). Width, case and the digits of numbers are folded
 * away, so "Ａ1001" and "a2034" look the same. One pass, no strings built: a few microseconds per utterance.
 */

/** Bound once: where code runs in a VM context, as under the test runner, every look-up of a global is slow. */
const { imul } = Math;

/** Hashes of one utterance, 32 bits each, in reading order; a repeated n-gram is repeated. */
export type Features = Uint32Array;

/** Intent stands early in a message: later characters are not read. */
const READ_AT_MOST = 1_000;
/** A character starts at most three n-grams; a word of one letter gives four hashes for two characters. */
export const MOST_FEATURES = READ_AT_MOST * 4;
const buffer = new Uint32Array(MOST_FEATURES);

/** Salts keep a word apart from an n-gram of the same letters. */
const Kind = { unspaced: 1, word: 2, pair: 3, inner: 4 } as const;

export function featuresOf(text: string): Features {
  const codes = foldedCodes(text);
  let size = 0;
  let previousWord = 0;
  for (let i = 0; i < codes.length;) {
    const kind = kindOf(codes[i]!);
    if (kind === 'none') {
      i++;
      continue;
    }
    let end = i + 1;
    while (end < codes.length && kindOf(codes[end]!) === kind) end++;
    if (kind === 'unspaced') {
      size = unspacedRun(codes, i, end, size);
      previousWord = 0;
    } else {
      const word = hash(codes, i, end, Kind.word);
      size = spacedWord(codes, i, end, word, previousWord, size);
      previousWord = word;
    }
    i = end;
  }
  return buffer.slice(0, size);
}

/** Character 1-, 2- and 3-grams. */
function unspacedRun(codes: Uint16Array, start: number, end: number, size: number): number {
  for (let i = start; i < end; i++) {
    for (let n = 1; n <= 3 && i + n <= end; n++) buffer[size++] = hash(codes, i, i + n, Kind.unspaced);
  }
  return size;
}

/** The word, its pair with the word before, and its 3- and 4-grams; ^ and $ mark where a word begins and ends. */
function spacedWord(
  codes: Uint16Array,
  start: number,
  end: number,
  word: number,
  previous: number,
  size: number,
) {
  buffer[size++] = word;
  buffer[size++] = finish(imul(previous ^ 0x85ebca6b, 0x9e3779b1) ^ word ^ Kind.pair);
  const marked = end - start + 2;
  for (let n = 3; n <= 4; n++) {
    if (n === marked) continue;
    for (let i = start - 1; i + n <= end + 1; i++) {
      let h = Kind.inner * 0x9e3779b1;
      for (let j = i; j < i + n; j++) h = step(h, j < start ? CARET : j >= end ? DOLLAR : codes[j]!);
      buffer[size++] = finish(h);
    }
  }
  return size;
}

const CARET = 0x5e;
const DOLLAR = 0x24;

function hash(codes: Uint16Array, from: number, to: number, salt: number): number {
  let h = salt * 0x9e3779b1;
  for (let i = from; i < to; i++) h = step(h, codes[i]!);
  return finish(h);
}

function step(h: number, code: number): number {
  return imul(h ^ code, 0x01000193) ^ (h >>> 15);
}

/** The finaliser of MurmurHash3, which spreads the low bits the vocabulary indexes by. */
function finish(h: number): number {
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** NFKC, lower case, every run of digits as one 0. */
function foldedCodes(text: string): Uint16Array {
  const folded = text.slice(0, READ_AT_MOST).normalize('NFKC').toLowerCase().slice(0, READ_AT_MOST);
  const codes = new Uint16Array(folded.length);
  let size = 0;
  for (let i = 0; i < folded.length; i++) {
    const code = folded.charCodeAt(i);
    const digit = code >= 0x30 && code <= 0x39;
    if (digit && size > 0 && codes[size - 1] === 0x30) continue;
    codes[size++] = digit ? 0x30 : code === 0x2019 ? 0x27 : code;
  }
  return codes.subarray(0, size);
}

function kindOf(code: number): 'none' | 'spaced' | 'unspaced' {
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || code === 0x30 || code === 0x27 ? 'spaced' : 'none';
  }
  if (code >= 0x3041 && code <= 0x9fff && code !== 0x30fb) return 'unspaced';
  if ((code >= 0xac00 && code <= 0xdfff) || (code >= 0xf900 && code <= 0xfaff)) return 'unspaced';
  if (code >= 0x0e00 && code <= 0x0e7f) return 'unspaced';
  if (code >= 0xc0 && code < 0x2000 && code !== 0xd7 && code !== 0xf7) return 'spaced';
  return 'none';
}

/** A number which the text alone decides, to divide examples by; a hash of the n-grams. */
export function foldOf(features: Features): number {
  let sum = 0;
  for (const key of features) sum = imul(sum ^ key, 0x9e3779b1);
  return (sum ^ (sum >>> 16)) >>> 0;
}
