/**
 * Tells the languages written in Latin letters apart on texts of two or three words. Words that carry grammar vote, then
 * other known words, then sequences of letters, learned from the same lists when this is loaded (3 ms). English has a
 * start on the others: its loan words and product names are everywhere.
 */
import { CONTENT_WORDS, FUNCTION_WORDS, type LatinLanguage } from './language-words.js';

export interface LatinReading {
  readonly language: LatinLanguage | 'und';
  readonly confidence: number;
  /** Words of meaning, comparable with the other scripts' weights; 0 without any Latin word. */
  readonly weight: number;
}

/**
 * Words of meaning per Latin word. A content word beside Chinese is often a borrowed name and says little, a function
 * word does not, but inside a title ("The Art of War").
 */
const CONTENT_WORD_WEIGHT = 1 / 3;
const FUNCTION_WORD_WEIGHT = 1;

const WORD = /[\p{Script=Latin}\p{M}\p{N}_@./:’'-]+/gu;
/** Longer runs of letters are no words. */
const LONGEST_WORD = 40;
const CODE = /[\p{N}@_/:]|\.\p{L}/u;

const LANGUAGES = Object.keys(FUNCTION_WORDS) as LatinLanguage[];
const FUNCTION_VOTES = votesOf(FUNCTION_WORDS);
const CONTENT_VOTES = votesOf(CONTENT_WORDS);
// Typed without accents a content word counts as well.
for (const [word, languages] of [...CONTENT_VOTES]) {
  const bare = withoutAccents(word);
  if (bare !== word && bare.length > 3 && !CONTENT_VOTES.has(bare)) CONTENT_VOTES.set(bare, languages);
}

/**
 * How likely a sequence of two to four letters is in each language, as logarithms: naive Bayes over the words above, `_` for
 * the ends of a word (Cavnar & Trenkle, "N-Gram-Based Text Categorization", 1994, for the features).
 */
const UNSEEN = 0.3;
const SPELLING = learnSpelling();

function learnSpelling(): Map<string, Float64Array> {
  const counts = new Map<string, Float64Array>();
  const totals = new Float64Array(LANGUAGES.length);
  LANGUAGES.forEach((language, index) => {
    for (const word of `${FUNCTION_WORDS[language]} ${CONTENT_WORDS[language]}`.split(' ')) {
      for (const sequence of sequencesOf(word)) {
        const count = counts.get(sequence) ?? new Float64Array(LANGUAGES.length);
        count[index]!++;
        totals[index]!++;
        counts.set(sequence, count);
      }
    }
  });
  for (const count of counts.values()) {
    count.forEach(
      (value, index) => (count[index] = Math.log((value + UNSEEN) / (totals[index]! + UNSEEN * counts.size))),
    );
  }
  return counts;
}

function* sequencesOf(word: string): Generator<string> {
  const padded = `_${word}_`;
  for (let i = 0; i + 2 <= padded.length; i++) {
    yield padded.slice(i, i + 2);
    if (i + 3 <= padded.length) yield padded.slice(i, i + 3);
    if (i + 4 <= padded.length) yield padded.slice(i, i + 4);
  }
}

/** Logits for a word of grammar, a known word, a sequence of letters; and for English, whose names and loans are all over. */
const WEIGHT = { grammar: 3, content: 2, spelling: 0.35, english: 2 };

/** `besideHan`: Chinese stands in the text too, so that a run of capitalised words is likely a title. */
export function readLatin(sample: string, besideHan: boolean): LatinReading {
  const nothing: LatinReading = { language: 'und', confidence: 0, weight: 0 };
  if (!/[A-Za-zÀ-ỹＡ-Ｚａ-ｚ]/.test(sample)) return nothing;
  const scores = new Float64Array(LANGUAGES.length);
  scores[LANGUAGES.indexOf('en')] = WEIGHT.english;
  let [words, functionWords, knownWords, capitalised] = [0, 0, 0, 0];
  for (const [match] of sample.normalize('NFKC').replaceAll("'", '’').matchAll(WORD)) {
    const written = match.replace(/^[.:’/-]+|[.:’/-]+$/g, '');
    if (written === '' || CODE.test(written)) continue;
    const word = written.toLowerCase();
    const [head, tail] = [word.split('’')[0]!, word.split('’').at(-1)!];
    const grammar = FUNCTION_VOTES.get(word) ?? FUNCTION_VOTES.get(head);
    const content = CONTENT_VOTES.get(word) ?? CONTENT_VOTES.get(tail);
    words++;
    if (grammar) functionWords++;
    else if (word !== written) capitalised++;
    if (grammar || content) knownWords++;
    if (grammar) vote(scores, grammar, WEIGHT.grammar);
    if (content) vote(scores, content, WEIGHT.content);
    addSpelling(scores, word);
  }
  if (words === 0) return nothing;
  const content = words - functionWords;
  const isTitle = besideHan && content > 0 && content === capitalised && words > 2;
  const weight = isTitle
    ? words * CONTENT_WORD_WEIGHT
    : functionWords * FUNCTION_WORD_WEIGHT + content * CONTENT_WORD_WEIGHT;
  return { ...likeliest(scores, knownWords > 0 ? 0.99 : words > 2 ? 0.9 : 0.6), weight };
}

function vote(scores: Float64Array, languages: ReadonlySet<LatinLanguage>, weight: number): void {
  for (const language of languages)
    scores[LANGUAGES.indexOf(language)]! += weight / Math.sqrt(languages.size);
}

function addSpelling(scores: Float64Array, word: string): void {
  for (const sequence of sequencesOf(word.slice(0, LONGEST_WORD))) {
    const likelihoods = SPELLING.get(sequence);
    if (!likelihoods) continue;
    for (let i = 0; i < scores.length; i++) scores[i]! += WEIGHT.spelling * likelihoods[i]!;
  }
}

/** The best language with its share of the probability, at most `surest`. */
function likeliest(scores: Float64Array, surest: number): Omit<LatinReading, 'weight'> {
  const best = scores.indexOf(Math.max(...scores));
  const total = scores.reduce((sum, score) => sum + Math.exp(score - scores[best]!), 0);
  return { language: LANGUAGES[best]!, confidence: Math.min(surest, 1 / total) };
}

function votesOf(lists: Readonly<Record<LatinLanguage, string>>): Map<string, Set<LatinLanguage>> {
  const votes = new Map<string, Set<LatinLanguage>>();
  for (const language of LANGUAGES) {
    for (const word of lists[language].split(' ')) {
      votes.set(word, (votes.get(word) ?? new Set()).add(language));
    }
  }
  return votes;
}

function withoutAccents(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');
}
