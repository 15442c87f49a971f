/**
 * Many words looked for at once. They share a trie, which is walked from every place of the text where a word may
 * begin; the longest word there wins. Spaces and dashes do not matter ("iphone15" is "iPhone 15"), an English plural
 * neither. Cost: one step per character for most texts, at most the longest word's length (100) per character.
 */
import type { Entity } from './entity.js';

export interface Word {
  readonly type: string;
  /** The normal form. */
  readonly value: string;
  /** Plain text in lower case. */
  readonly folded: string;
}

const GAP = /[\s\-_·.]/;
const MOST_MATCHES = 100;
/** A node and a UTF-16 unit make one number. */
const UNITS = 0x10000;

export class WordList {
  /** `node * UNITS + unit → node`; the root is 0. */
  private readonly edges = new Map<number, number>();
  private readonly words = new Map<number, Word>();

  /** Of two that are written alike the first counts. */
  constructor(words: readonly Word[]) {
    let nodes = 0;
    for (const word of words) {
      let node = 0;
      for (const unit of word.folded) {
        if (GAP.test(unit)) continue;
        for (let i = 0; i < unit.length; i++) {
          const edge = node * UNITS + unit.charCodeAt(i);
          node = this.edges.get(edge) ?? ++nodes;
          this.edges.set(edge, node);
        }
      }
      if (node > 0 && !this.words.has(node)) this.words.set(node, word);
    }
  }

  /** The words in a folded text, without overlaps, at most 100. */
  find(folded: string): Entity[] {
    const found: Entity[] = [];
    if (this.words.size === 0) return found;
    for (let start = 0; start < folded.length && found.length < MOST_MATCHES;) {
      const match = startsInsideWord(folded, start) ? undefined : this.longestFrom(folded, start);
      if (match) found.push({ type: match.word.type, value: match.word.value, start, end: match.end });
      start = match?.end ?? start + 1;
    }
    return found;
  }

  private longestFrom(folded: string, start: number): { word: Word; end: number } | undefined {
    let node: number | undefined = 0;
    let longest: { word: Word; end: number } | undefined;
    for (let i = start; i < folded.length; i++) {
      // One gap at most, and none in front.
      if (i > start && GAP.test(folded[i]!) && !GAP.test(folded[i - 1]!)) continue;
      node = this.edges.get(node * UNITS + folded.charCodeAt(i));
      if (node === undefined) break;
      const word = this.words.get(node);
      if (word && endsWord(folded, i + 1)) longest = { word, end: i + 1 };
    }
    return longest;
  }
}

/** Latin words have ends; Chinese ones stand in a row. */
function startsInsideWord(folded: string, start: number): boolean {
  return start > 0 && isLatin(folded, start) && isLatin(folded, start - 1);
}

function endsWord(folded: string, end: number): boolean {
  if (!isLatin(folded, end - 1) || !isLatin(folded, end)) return true;
  const plural = /^(?:e?s)(?![a-z0-9])/.test(folded.slice(end, end + 3));
  return plural && !/\d/.test(folded[end - 1]!);
}

function isLatin(folded: string, index: number): boolean {
  return /[a-z0-9\u00c0-\u024f]/.test(folded[index] ?? '');
}
