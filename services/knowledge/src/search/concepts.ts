/**
 * Which concepts a text mentions. A text that uses any word of a concept also carries the concept as a term, so that
 * "掏邮费" finds "运费", "swap" finds "exchange", and a question in one language finds an article in the other.
 */
import { stemmer } from 'stemmer';
import { conceptWords } from './concept-words.js';

const byWord = new Map<string, string[]>();
const byPhrase = new Map<string, string[]>();
let longestWord = 0;
let longestPhrase = 0;

for (const [concept, words] of Object.entries(conceptWords)) {
  const [chinese = '', english = ''] = words.split(' | ');
  for (const word of chinese.split(' ')) {
    enter(byWord, word, concept);
    longestWord = Math.max(longestWord, word.length);
  }
  for (const phrase of english.split(', ')) {
    const words = phrase.split(/[ -]/);
    const exact = phrase.startsWith('=');
    enter(byPhrase, exact ? phrase : words.map((word) => stemmer(word)).join(' '), concept);
    longestPhrase = Math.max(longestPhrase, words.length);
  }
}

/** Concepts mentioned in a run of Han characters; within a longer word no shorter one counts. */
export function mentionsInHan(run: string): Set<string> {
  const found = new Set<string>();
  let covered = 0;
  for (let start = 0; start < run.length; start++) {
    for (let end = Math.min(run.length, start + longestWord); end > Math.max(start, covered); end--) {
      const concepts = byWord.get(run.slice(start, end));
      if (!concepts) continue;
      for (const concept of concepts) found.add(concept);
      covered = end;
      break;
    }
  }
  return found;
}

/** Concepts mentioned in words, given in their order with their stems; within a phrase no word counts. */
export function mentionsInWords(words: readonly string[], stems: readonly string[]): Set<string> {
  const found = new Set<string>();
  let covered = 0;
  for (let start = 0; start < stems.length; start++) {
    for (const concept of byPhrase.get(`=${words[start]!}`) ?? []) found.add(concept);
    for (let end = Math.min(stems.length, start + longestPhrase); end > Math.max(start, covered); end--) {
      const concepts = byPhrase.get(stems.slice(start, end).join(' '));
      if (!concepts) continue;
      for (const concept of concepts) found.add(concept);
      covered = end;
      break;
    }
  }
  return found;
}

function enter(index: Map<string, string[]>, key: string, concept: string): void {
  const concepts = index.get(key);
  if (!concepts) index.set(key, [concept]);
  else if (!concepts.includes(concept)) concepts.push(concept);
}
