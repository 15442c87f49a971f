/**
 * Text as search terms. Promises the same terms for full-width and half-width, upper and lower case, singular and
 * plural; a term is letters and digits after a mark of its kind, whatever the text holds. A text is found by its
 * words, by the concepts they stand for, and, where a dictionary cuts or a hand types differently, by their pieces:
 * characters and character pairs of Chinese, the consonants of English words.
 */
import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { stemmer } from 'stemmer';
import { mentionsInHan, mentionsInWords } from './concepts.js';
import { isStopWord } from './stop-words.js';

/** What a term is worth by its kind; fitted by search.eval.ts. */
export const TRUST = { word: 1, concept: 2, character: 0.5, consonants: 0.3, pair: 0.3 };

/** Terms with what each is worth. */
export type Terms = ReadonlyMap<string, number>;

const RUN =
  /(\p{Script=Han}+)|([[\p{L}\p{M}\p{N}]--\p{Script=Han}]+(?:['’][[\p{L}\p{M}]--\p{Script=Han}]+)*)/gv;

/** A text is read up to here, in UTF-16 units: what comes later says little and costs as much. */
const READ_AT_MOST = 2_000;

const jieba = Jieba.withDict(dict);

export function tokenise(text: string): Terms {
  const terms = new Map<string, number>();
  const add = (term: string, trust: number): void => {
    if (trust > (terms.get(term) ?? 0)) terms.set(term, trust);
  };
  const words: string[] = [];
  const folded = text.slice(0, READ_AT_MOST).normalize('NFKC').toLowerCase();
  for (const [, han, word] of folded.matchAll(RUN)) {
    if (han) addHan(han, add);
    else if (word) words.push(word.replaceAll(/['’]/g, ''));
  }
  addWords(words, add);
  return terms;
}

type Add = (term: string, trust: number) => void;

function addHan(run: string, add: Add): void {
  for (const concept of mentionsInHan(run)) add(`~${concept}`, TRUST.concept);
  for (const word of jieba.cutForSearch(run, true)) {
    if (word.length > 1 && !isStopWord(word)) add(word, TRUST.word);
  }
  let previous: string | undefined;
  for (const character of run) {
    const said = isStopWord(character) ? undefined : character;
    if (said) add(said, TRUST.character);
    if (said && previous && !isStopWord(previous + said)) add(previous + said, TRUST.pair);
    previous = said;
  }
}

function addWords(words: readonly string[], add: Add): void {
  const stems = words.map(stemOf);
  for (const concept of mentionsInWords(words, stems)) add(`~${concept}`, TRUST.concept);
  words.forEach((word, i) => {
    if (isStopWord(word)) return;
    add(stems[i]!, TRUST.word);
    if (/^[a-z]{6,}$/.test(word)) add(`^${consonants(stems[i]!)}`, TRUST.consonants);
  });
}

/** "received", "recieved" → "rcv": the first letter and the consonants after it, none twice in a row. */
function consonants(stem: string): string {
  return (stem[0] + stem.slice(1).replaceAll(/[aeiouy]/g, '')).replaceAll(/(.)\1+/g, '$1');
}

const STEMS_REMEMBERED = 20_000;
const stems = new Map<string, string>();

/** Stemming is most of the cost of reading English, and the words of a language come again and again. */
function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size === STEMS_REMEMBERED) stems.clear();
  const stem = stemmer(word);
  stems.set(word, stem);
  return stem;
}
