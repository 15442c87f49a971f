/**
 * A text as its reader sees it. Full-width and styled characters become plain ones, digits of every script ASCII digits,
 * dashes of every length "-"; what cannot be seen (zero-width characters, direction marks, soft hyphens, tags) is gone.
 * Hides that the two texts differ in length: a span found in the plain text leads back to what was written.
 */
import { foldWidth } from './fold-width.js';

export interface PlainText {
  readonly written: string;
  /** Capitals kept, for names and addresses. */
  readonly cased: string;
  /** ASCII letters in lower case; the same length as `cased`. */
  readonly folded: string;
  /** UTF-16 offsets into `written` of `cased.slice(start, end)`, which must not be empty. */
  spanOf(start: number, end: number): { start: number; end: number };
}

/** Any text, also one with lone surrogates. Time is linear in its length. */
export function plainText(written: string): PlainText {
  const { cased, origins } = PLAIN_ALREADY.test(written)
    ? { cased: foldFullWidth(written), origins: undefined }
    : readAsSeen(written);
  return {
    written,
    cased,
    folded: foldWidth(cased),
    spanOf(start, end) {
      if (!origins) return { start, end };
      const last = origins[end - 1]!;
      const isPair = isHighSurrogate(written.charCodeAt(last)) && !isHighSurrogate(cased.charCodeAt(end - 1));
      return { start: origins[start]!, end: last + (isPair ? 2 : 1) };
    },
  };
}

/** ASCII, Chinese with its punctuation, full-width ASCII: nearly every message. */
const PLAIN_ALREADY = /^[\0-\x7f。、一-\u9fff！-～]*$/;

const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/u;
const DASH = /[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/;
const CIRCLED_ONES = [0x2460, 0x2776, 0x2780, 0x278a];
/** The zeros of the scripts whose digits have no compatibility form (Unicode, general category Nd). */
const ZEROS = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
  0x0f20, 0x1040, 0x17e0, 0x1810,
]; // prettier-ignore

function readAsSeen(written: string): { cased: string; origins: Uint32Array } {
  const origins = new Uint32Array(written.length);
  let cased = '';
  for (let i = 0; i < written.length;) {
    const point = written.codePointAt(i)!;
    const width = point > 0xffff ? 2 : 1;
    const seen = point < 0x80 || (point >= 0x3400 && point <= 0x9fff) ? written[i]! : seenAs(point);
    for (let unit = 0; unit < seen.length; unit++) origins[cased.length + unit] = i + unit;
    cased += seen;
    i += width;
  }
  return { cased, origins };
}

/** Never longer than the character itself, so that an offset never runs past it. */
function seenAs(point: number): string {
  const character = String.fromCodePoint(point);
  if (INVISIBLE.test(character)) return '';
  if (DASH.test(character)) return '-';
  const circled = CIRCLED_ONES.find((one) => point >= one && point < one + 9);
  if (circled !== undefined) return String(point - circled + 1);
  const zero = ZEROS.find((each) => point >= each && point < each + 10);
  if (zero !== undefined) return String(point - zero);
  const compatible = character.normalize('NFKC');
  return compatible.length <= character.length ? compatible : character;
}

function foldFullWidth(text: string): string {
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
