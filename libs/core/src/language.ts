/**
 * Which language a customer writes in. Promises a sensible answer on one-word messages, on Chinese with product
 * names in it, and never reads an order number or an address as English. Script decides first; only among the
 * languages written in Latin letters do words vote.
 */
import { readLatin, type LatinReading } from './latin-languages.js';

/** BCP 47 primary subtags this can name; `und` when a text has no letters (numbers, emoji). */
export type Language =
  | 'zh' | 'en' | 'ja' | 'ko' | 'ru' | 'uk' | 'ar' | 'he' | 'th' | 'hi' | 'el'
  | 'es' | 'fr' | 'de' | 'pt' | 'it' | 'vi' | 'und'; // prettier-ignore

export interface DetectedLanguage {
  readonly language: Language;
  /** 0 to 1; at most 0.6 where a single loan word such as "ok" is all there is to go by. */
  readonly confidence: number;
  /** A second script carries at least a quarter of the meaning ("help me 退款 please"). */
  readonly mixed: boolean;
}

type Script = 'han' | 'kana' | 'hangul' | 'cyrillic' | 'arabic' | 'hebrew' | 'thai' | 'devanagari' | 'greek';

/** Long messages are judged by their start: 2,000 UTF-16 units say enough. */
const READ_AT_MOST = 2_000;

/** The share of meaning from which a second script makes a text mixed. */
const MIXED_FROM = 0.25;

/** Words of meaning per character: a Han character is about half a word, one that carries grammar says more. */
const HAN_WEIGHT = 0.5;
const HAN_GRAMMAR_WEIGHT = 1.5;
const HAN_GRAMMAR = /[的了吗呢吧呀把给将被我你您他她们请是有在到为想要不没这那个什么怎哪会能帮]/g;

export function detectLanguage(text: string): DetectedLanguage {
  const sample = text.slice(0, READ_AT_MOST);
  const scripts = countScripts(sample);
  const latin = readLatin(sample, scripts.han > 0);

  const weights = new Map<Language, number>();
  const add = (language: Language, weight: number) => {
    if (weight > 0) weights.set(language, (weights.get(language) ?? 0) + weight);
  };

  const ideographs = scripts.han + scripts.kana;
  // A single の is ornament in Chinese shop names; Japanese has kana in every clause.
  const japanese = scripts.kana >= 2 ? scripts.kana >= ideographs * 0.15 : scripts.kana > scripts.han;
  const grammar = latin.weight > 0 && !japanese ? (sample.match(HAN_GRAMMAR)?.length ?? 0) : 0;
  add(japanese ? 'ja' : 'zh', (ideographs - grammar) * HAN_WEIGHT + grammar * HAN_GRAMMAR_WEIGHT);
  add('ko', scripts.hangul * HAN_WEIGHT);
  add(/[іїєґІЇЄҐ]/.test(sample) ? 'uk' : 'ru', scripts.cyrillic / 5);
  add('ar', scripts.arabic / 4);
  add('he', scripts.hebrew / 4);
  add('th', scripts.thai / 4);
  add('hi', scripts.devanagari / 4);
  add('el', scripts.greek / 5);
  if (latin.weight > 0) add(latin.language, latin.weight);

  return decide(weights, latin);
}

function decide(weights: ReadonlyMap<Language, number>, latin: LatinReading): DetectedLanguage {
  let language: Language = 'und';
  let best = 0;
  let total = 0;
  // Latin is added last and must exceed: in a tie the borrowed words are the Latin ones.
  for (const [candidate, weight] of weights) {
    total += weight;
    if (weight > best) [language, best] = [candidate, weight];
  }
  if (language === 'und') return { language, confidence: 0, mixed: false };
  const share = best / total;
  const doubt = language === latin.language ? latin.confidence : 1;
  return { language, confidence: round(share * doubt), mixed: 1 - share >= MIXED_FROM };
}

function countScripts(text: string): Record<Script, number> {
  const counts = {
    han: 0,
    kana: 0,
    hangul: 0,
    cyrillic: 0,
    arabic: 0,
    hebrew: 0,
    thai: 0,
    devanagari: 0,
    greek: 0,
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x370) continue;
    const script = scriptOf(code);
    if (script) counts[script]++;
  }
  return counts;
}

/** The script of a UTF-16 unit; a high surrogate D840–D887 opens one of the rarer Han planes. */
function scriptOf(code: number): Script | undefined {
  if ((code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf)) return 'han';
  if ((code >= 0xd840 && code <= 0xd887) || (code >= 0xf900 && code <= 0xfaff)) return 'han';
  if ((code >= 0x3041 && code <= 0x30fa) || (code >= 0xff66 && code <= 0xff9d)) return 'kana';
  if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0x1100 && code <= 0x11ff)) return 'hangul';
  if (code >= 0x3131 && code <= 0x318e) return 'hangul';
  if (code >= 0x0400 && code <= 0x052f) return 'cyrillic';
  if (code >= 0x0370 && code <= 0x03ff) return 'greek';
  if (code >= 0x0590 && code <= 0x05ff) return 'hebrew';
  // Its digits, 0660 and 06F0 onwards, are in use where no Arabic is.
  if ((code >= 0x0660 && code <= 0x0669) || (code >= 0x06f0 && code <= 0x06f9)) return undefined;
  if (code >= 0x0600 && code <= 0x077f) return 'arabic';
  if (code >= 0x0900 && code <= 0x097f) return 'devanagari';
  if (code >= 0x0e00 && code <= 0x0e7f) return 'thai';
  return undefined;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
