/**
 * Which language a customer writes in. Promises a sensible answer on one-word messages, on Chinese with product
 * names in it, and never reads an order number or an address as English. Script decides first; only among the
 * languages written in Latin letters do function words vote.
 */

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

/**
 * Words of meaning per character or per Latin word. A Han character is about half a word. A Latin content word in
 * a Chinese sentence is often a borrowed name and says little; a function word never is.
 */
const HAN_WEIGHT = 0.5;
const CONTENT_WORD_WEIGHT = 1 / 3;
const FUNCTION_WORD_WEIGHT = 1;

const WORD = /[\p{Script=Latin}\p{M}\p{N}_@./:’'-]+/gu;
const CODE = /[\p{N}@_/:]|\.\p{L}/u;

export function detectLanguage(text: string): DetectedLanguage {
  const sample = text.slice(0, READ_AT_MOST);
  const scripts = countScripts(sample);
  const latin = readLatin(sample);

  const weights = new Map<Language, number>();
  const add = (language: Language, weight: number) => {
    if (weight > 0) weights.set(language, (weights.get(language) ?? 0) + weight);
  };

  const ideographs = scripts.han + scripts.kana;
  // A single の is ornament in Chinese shop names; Japanese has kana in every clause.
  const japanese = scripts.kana >= 2 ? scripts.kana >= ideographs * 0.15 : scripts.kana > scripts.han;
  add(japanese ? 'ja' : 'zh', ideographs * HAN_WEIGHT);
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
  if (code >= 0x0600 && code <= 0x077f) return 'arabic';
  if (code >= 0x0900 && code <= 0x097f) return 'devanagari';
  if (code >= 0x0e00 && code <= 0x0e7f) return 'thai';
  return undefined;
}

interface LatinReading {
  readonly language: Language;
  readonly confidence: number;
  /** Words of meaning, comparable with the other scripts' weights; 0 without any Latin word. */
  readonly weight: number;
}

type LatinLanguage = 'en' | 'es' | 'fr' | 'de' | 'pt' | 'it' | 'vi';

/** Words that carry grammar, not topic, and that customers use; a word may vote for several languages. */
const FUNCTION_WORDS: Record<LatinLanguage, string> = {
  en: 'the a an i my me you your we it is are was be been am do does did have has had can could will would should what when where why how who which this that these to of in on at for from with and or but not no if so please thanks thank hi hello hey yes there any get still just about after',
  es: 'el la los las un una yo mi me tu su es está son ser estoy hay qué que cuándo cuando dónde donde cómo como por para con de del en y o pero no si sí gracias hola buenos muy ya todavía lo quiero puedo tengo pedido favor',
  fr: 'le la les un une des je mon ma mes vous votre nous il elle est sont suis ai a avez être que quoi quand où comment pourquoi pour avec de du dans sur et ou mais ne pas non si oui merci bonjour c’est ce cette puis-je commande vous très mon',
  de: 'der die das den dem ein eine einen ich mein meine mir mich sie ihr wir es ist sind war bin habe hat haben kann können wird werden was wann wo warum wie wer für mit von zu im in auf und oder aber nicht nein ja wenn bitte danke hallo noch bestellung',
  pt: 'o a os as um uma eu meu minha você seu nós é são está estou foi tem tenho não sim que quando onde como por para com de do da em no na e ou mas se obrigado obrigada olá oi muito já ainda quero posso pedido',
  it: 'il lo la gli le un una io mio mia mi tu è sono ho ha che cosa quando dove come perché per con di del della in su e o ma non no sì se grazie ciao buongiorno molto già ancora vorrei posso ordine',
  vi: 'tôi của là có không và cho được này khi nào bao giờ làm sao thế ơi với các một đơn hàng xin chào cảm ơn bạn mình ở đâu rồi chưa',
};

const VOTES = new Map<string, LatinLanguage[]>();
for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
  for (const word of new Set(words.split(' '))) {
    VOTES.set(word, [...(VOTES.get(word) ?? []), language as LatinLanguage]);
  }
}

/** Letters English does not use, and whose they are. */
const TELLING_LETTERS: readonly (readonly [RegExp, LatinLanguage])[] = [
  [/[ñ¿¡]/i, 'es'],
  [/[ßäöü]/i, 'de'],
  [/[ãõ]/i, 'pt'],
  [/[œêèçû]/i, 'fr'],
  [/[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i, 'vi'],
];

function readLatin(sample: string): LatinReading {
  const scores: Record<LatinLanguage, number> = { en: 0, es: 0, fr: 0, de: 0, pt: 0, it: 0, vi: 0 };
  let words = 0;
  let functionWords = 0;
  if (!/[A-Za-zÀ-ỹＡ-Ｚａ-ｚ]/.test(sample)) return { language: 'und', confidence: 0, weight: 0 };
  const folded = sample.normalize('NFKC').toLowerCase().replaceAll("'", '’');
  for (const [match] of folded.matchAll(WORD)) {
    const word = match.replace(/^[.:’/-]+|[.:’/-]+$/g, '');
    if (word === '' || CODE.test(word)) continue;
    words++;
    const votes = VOTES.get(word) ?? VOTES.get(word.split('’')[0]!);
    if (!votes) continue;
    functionWords++;
    for (const language of votes) scores[language] += 1 / votes.length;
  }
  if (words === 0) return { language: 'und', confidence: 0, weight: 0 };
  for (const [letters, language] of TELLING_LETTERS) if (letters.test(folded)) scores[language] += 0.75;

  const weight = functionWords * FUNCTION_WORD_WEIGHT + (words - functionWords) * CONTENT_WORD_WEIGHT;
  const ranked = (Object.keys(scores) as LatinLanguage[]).sort((a, b) => scores[b] - scores[a]);
  const [first, second] = [ranked[0]!, ranked[1]!];
  const evidence = scores[first];
  // Without any evidence Latin letters mean English, the language of loan words and product names.
  if (evidence === 0) return { language: 'en', confidence: words > 2 ? 0.7 : 0.6, weight };
  const margin = (evidence - scores[second]) / evidence;
  return { language: first, confidence: Math.min(0.99, 0.6 + 0.4 * margin), weight };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
